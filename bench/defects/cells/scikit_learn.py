"""scikit-learn: tuned thresholds, what there is for calibration."""

# %% sklearn-threshold
import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import TunedThresholdClassifierCV
class Given(ClassifierMixin, BaseEstimator):
    def fit(self, X, y): self.classes_ = np.array([0, 1]); return self
    def predict_proba(self, X): return np.c_[1 - X[:, 0], X[:, 0]]
p = np.r_[np.arange(1, 1000) / 1e5, 0.9].reshape(-1, 1)  # all but one score lie below .01
y = np.r_[np.zeros(979), np.ones(20), 0].astype(int)  # and the 20 best of those are the positive rows
tuned = TunedThresholdClassifierCV(Given().fit(p, y), scoring="f1", cv="prefit", refit=False).fit(p, y)
answer = float(tuned.best_score_)

# %% sklearn-several
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import TunedThresholdClassifierCV
X, y = np.arange(30.0).reshape(-1, 1), np.repeat([0, 1, 2], 10)
answer = TunedThresholdClassifierCV(LogisticRegression(), scoring="f1_macro").fit(X, y).predict(X[:3])

# %% sklearn-calibration
import sklearn.metrics as metrics
answer = [name for name in dir(metrics) if "calibration" in name]

# %% sklearn-calibrators
import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression
X, y = np.arange(30.0).reshape(-1, 1), np.tile([0, 1], 15)
answer = CalibratedClassifierCV(LogisticRegression(), method="beta").fit(X, y).predict_proba(X[:1])[0]
