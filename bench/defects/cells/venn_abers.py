"""venn-abers: the models of the folds, scores above all calibration scores, a class without calibration rows."""

# %% venn-abers-folds
import numpy as np
from sklearn.linear_model import LogisticRegression
from venn_abers.venn_abers import VennAbersCV
X, y = np.arange(60.0).reshape(-1, 1), np.tile([[0], [1], [1]], (20, 1))
cross = VennAbersCV(LogisticRegression(), inductive=False, n_splits=5)
cross.fit(X, y)
answer = len({id(model) for model in cross.estimators_}) == len(cross.estimators_)  # does every fold have its own model?

# %% venn-abers-above
import numpy as np
from venn_abers import VennAbers
s, y = np.array([0.2, 0.4, 0.6, 0.8]), np.array([1, 0, 1, 0])
model = VennAbers()
model.fit(np.c_[1 - s, s], y)
answer = model.predict_proba(np.array([[0.1, 0.9]]))[1][0]

# %% venn-abers-absent
import numpy as np
from venn_abers.venn_abers import predict_proba_prefitted_va
p = np.array([[0.7, 0.2, 0.1], [0.5, 0.4, 0.1], [0.3, 0.6, 0.1], [0.2, 0.7, 0.1]])
calibrated = predict_proba_prefitted_va(p, np.array([0, 0, 1, 1]), p)  # three classes, none of the third in these rows
answer = list((calibrated[0] if isinstance(calibrated, tuple) else calibrated).shape)
