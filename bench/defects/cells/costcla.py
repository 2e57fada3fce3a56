"""costcla: decisions by the costs of each row."""

# %% costcla-decide
import numpy as np
from costcla.models import BayesMinimumRiskClassifier
costs = np.array([[4.0, 1.0, 0.0, 0.0]])  # false positive, false negative, true positive, true negative
answer = BayesMinimumRiskClassifier(calibration=False).predict(np.array([[0.1, 0.9]]), costs)

# %% costcla-mutates
import sys, types, joblib, numpy as np
np.float = float  # an alias that numpy 1.24 took away
sys.modules["sklearn.externals.joblib"] = joblib
sys.modules["sklearn.externals"] = types.SimpleNamespace(joblib=joblib)
from costcla.models.directcost import BayesMinimumRiskClassifier
p, y = np.array([[0.9, 0.1], [0.6, 0.4], [0.3, 0.7]]), np.array([0, 1, 1])
model = BayesMinimumRiskClassifier(calibration=True)
model.fit(y, p.copy())
model.predict(p, np.tile([4.0, 1.0, 0.0, 0.0], (3, 1)))
answer = p[:, 1]
