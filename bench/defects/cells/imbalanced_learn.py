"""imbalanced-learn: weights in metrics, seeds, duplicates, whole numbers, balanced data, probabilities."""

# %% imblearn-specificity
from imblearn.metrics import specificity_score
truth, predicted = [0, 0, 0, 1, 1], [0, 0, 1, 1, 0]
answer = [float(specificity_score(truth, predicted, sample_weight=[w] * 5)) for w in (1, 2, 0.5, 3)]

# %% imblearn-mae
from imblearn.metrics import macro_averaged_mean_absolute_error
answer = float(macro_averaged_mean_absolute_error([0, 0, 1, 1], [0, 1, 1, 2]))

# %% imblearn-probabilities
from imblearn.pipeline import make_pipeline
from imblearn.under_sampling import RandomUnderSampler
from sklearn.datasets import make_blobs
from sklearn.linear_model import LogisticRegression
X, y = make_blobs([9500, 500], centers=[[0, 0], [1, 1]], random_state=0)
model = make_pipeline(RandomUnderSampler(random_state=0), LogisticRegression()).fit(X, y)
answer = float(model.predict_proba(X)[:, 1].mean())  # 5 % of the rows are positive

# %% imblearn-seed
import numpy as np
from imblearn.over_sampling import SMOTE
minority = np.random.default_rng(0).integers(0, 64, (8, 1)).astype(float)
X = np.vstack([np.arange(20.0).reshape(-1, 1) - 500, minority, minority + 1024])  # the third class is the second, moved
y = np.repeat([0, 1, 2], [20, 8, 8])
new = SMOTE(random_state=0, k_neighbors=3).fit_resample(X, y)[0][36:, 0]
answer = bool(np.allclose(new[12:] - 1024, new[:12]))

# %% imblearn-duplicates
import numpy as np
from imblearn.over_sampling import SMOTE
X = np.vstack([np.zeros((5, 1)), [[1.0]], np.arange(10.0).reshape(-1, 1) + 50])  # five equal rows and one other
smote = SMOTE(random_state=0, k_neighbors=3)
smote.fit_resample(X, np.repeat([1, 0], [6, 10]))
listed = smote.nn_k_.kneighbors(X[:6], return_distance=False)[:, 1:]
answer = int(sum(row in neighbours for row, neighbours in enumerate(listed)))

# %% imblearn-integers
import numpy as np
from imblearn.over_sampling import SMOTE
X = np.r_[np.arange(-200, 0), np.tile([0, 1], 3)].reshape(-1, 1)  # the rare rows are 0 and 1, three each
new = SMOTE(random_state=0, k_neighbors=5).fit_resample(X, np.repeat([0, 1], [200, 6]))[0][206:]
answer = float(new.mean())

# %% imblearn-balanced
import numpy as np
from imblearn.over_sampling import RandomOverSampler
X, y = np.arange(8.0).reshape(-1, 1), np.repeat([0, 1], 4)
answer = len(RandomOverSampler(sampling_strategy=1.0).fit_resample(X, y)[1])

# %% imblearn-balanced-under
import numpy as np
from imblearn.under_sampling import RandomUnderSampler
X, y = np.arange(8.0).reshape(-1, 1), np.repeat([0, 1], 4)
answer = len(RandomUnderSampler(sampling_strategy=1.0).fit_resample(X, y)[1])
