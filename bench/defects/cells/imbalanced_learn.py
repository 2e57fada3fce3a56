"""imbalanced-learn: weights in metrics, seeds, duplicates, whole numbers, balanced data, probabilities, counts of over-samplers,
what under-samplers keep, ensembles."""

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

# %% imblearn-borderline-idle
import numpy as np
from imblearn.over_sampling import BorderlineSMOTE
X = np.r_[np.arange(30.0), np.arange(100.0, 112.0)].reshape(-1, 1)  # the rare class stands apart
y = BorderlineSMOTE(random_state=0).fit_resample(X, np.repeat([0, 1], [30, 12]))[1]
answer = int((y == 1).sum())

# %% imblearn-borderline-step
import numpy as np
from imblearn.over_sampling import BorderlineSMOTE
i = np.arange(20.0)
X = np.r_[10 * i, 10 * i + 1, -1000 - i].reshape(-1, 1)  # every rare row has one of the others at a distance of 1
method = BorderlineSMOTE(sampling_strategy={1: 4020}, kind="borderline-2", k_neighbors=1, m_neighbors=4, random_state=0)
new = method.fit_resample(X, np.repeat([1, 0], [20, 40]))[0][60:, 0]
step = new - 10 * np.floor(new / 10)
answer = float(step.mean())

# %% imblearn-adasyn-pure
import numpy as np
from imblearn.over_sampling import ADASYN
X = np.r_[np.arange(30.0), 1.5 + 2 * np.arange(12.0), 100 + np.arange(12.0)].reshape(-1, 1)  # the third class stands apart
y = ADASYN(random_state=0).fit_resample(X, np.repeat([0, 1, 2], [30, 12, 12]))[1]
answer = np.bincount(y).tolist()

# %% imblearn-adasyn-count
import numpy as np
from imblearn.over_sampling import ADASYN
X = np.r_[np.arange(30.0), 1.6 + 2 * np.arange(12.0)].reshape(-1, 1)
y = ADASYN(sampling_strategy={1: 27}, random_state=0).fit_resample(X, np.repeat([0, 1], [30, 12]))[1]
answer = int((y == 1).sum())

# %% imblearn-svm
import numpy as np
from imblearn.over_sampling import SVMSMOTE
X = np.r_[np.arange(30.0), np.arange(40.0, 52.0)].reshape(-1, 1)
y = SVMSMOTE(random_state=0).fit_resample(X, np.repeat([0, 1], [30, 12]))[1]
answer = int((y == 1).sum())

# %% imblearn-kmeans-stop
import numpy as np
from imblearn.over_sampling import KMeansSMOTE
X = np.r_[np.arange(60.0), 2.5 + 5 * np.arange(12.0)].reshape(-1, 1)  # one rare row among five others, everywhere
y = KMeansSMOTE(kmeans_estimator=2, random_state=0).fit_resample(X, np.repeat([0, 1], [60, 12]))[1]
answer = int((y == 1).sum())

# %% imblearn-kmeans-count
import numpy as np
from imblearn.over_sampling import KMeansSMOTE
X = np.r_[np.arange(30.0), 100 + np.arange(5.0), 200 + 1.5 * np.arange(5.0), 300 + 2.5 * np.arange(5.0)].reshape(-1, 1)
y = KMeansSMOTE(kmeans_estimator=4, random_state=0).fit_resample(X, np.repeat([0, 1], [30, 15]))[1]
answer = int((y == 1).sum())

# %% imblearn-smoothed
import numpy as np
from imblearn.over_sampling import RandomOverSampler
X = np.r_[np.arange(10.0), np.arange(1000.0) - 5000].reshape(-1, 1)
method = RandomOverSampler(sampling_strategy={1: 40_010, 0: 1000}, shrinkage=1, random_state=0)
new = method.fit_resample(X, np.repeat([1, 0], [10, 1000]))[0][1010:]
answer = float(new.std())

# %% imblearn-smotenc-integers
import numpy as np
from imblearn.over_sampling import SMOTENC
i = np.arange(50)
X = np.column_stack([i * 7 % 3, np.where(i < 40, i % 4, 0)])  # numbers, and colours: rare rows have colour 0
X_new = SMOTENC(categorical_features=[1], random_state=0).fit_resample(X, np.repeat([0, 1], [40, 10]))[0]
answer = sorted(set(X_new[50:, 1].tolist()))

# %% imblearn-smotenc-scale
import numpy as np
from imblearn.over_sampling import SMOTENC
i = np.arange(50)
X = np.column_stack([i * 7 % 3 * 1e-9, np.where(i < 40, i % 4, 0)])  # the same in other units
X_new = SMOTENC(categorical_features=[1], random_state=0).fit_resample(X, np.repeat([0, 1], [40, 10]))[0]
answer = sorted(set(X_new[50:, 1].tolist()))

# %% imblearn-condensed
import numpy as np
from imblearn.under_sampling import CondensedNearestNeighbour
from sklearn.neighbors import KNeighborsClassifier
i = np.arange(16.0)
X, y = np.column_stack([i * 11 % 101, i * i * 7 % 97]), (i % 3 == 0).astype(int)
X_kept, y_kept = CondensedNearestNeighbour(random_state=0).fit_resample(X, y)
rule = KNeighborsClassifier(n_neighbors=1).fit(X_kept, y_kept)
answer = int((rule.predict(X) != y).sum())

# %% imblearn-hardness
import numpy as np
from imblearn.under_sampling import InstanceHardnessThreshold
from sklearn.linear_model import LogisticRegression
X = np.r_[np.arange(20.0), 15.5 + np.arange(5.0)].reshape(-1, 1)  # rows of class -1 from 15 on lie among those of class 1
method = InstanceHardnessThreshold(estimator=LogisticRegression(), random_state=0)
X_kept, y_kept = method.fit_resample(X, np.repeat([-1, 1], [20, 5]))
answer = int((X_kept[y_kept == -1, 0] >= 15).sum())

# %% imblearn-repeated
import numpy as np
from imblearn.under_sampling import RepeatedEditedNearestNeighbours
X = np.r_[np.arange(6.0), 100 + np.arange(5.0), 6 + np.arange(6.0)].reshape(-1, 1)
method = RepeatedEditedNearestNeighbours()
X_kept, _ = method.fit_resample(X, np.repeat([1, 0, 1], [6, 5, 6]))
answer = bool((X[method.sample_indices_] == X_kept).all())

# %% imblearn-words
import numpy as np
from imblearn.under_sampling import EditedNearestNeighbours
X = np.r_[np.arange(8.0), 3.5, 100 + np.arange(4.0)].reshape(-1, 1)  # a row of class b among those of class a
method = EditedNearestNeighbours(kind_sel="mode", sampling_strategy="all")
answer = method.fit_resample(X, np.array(["a"] * 8 + ["b"] * 5))[0].ravel()

# %% imblearn-callable
import numpy as np
from imblearn.under_sampling import TomekLinks
X = np.r_[np.arange(8.0), 3.4, 100 + np.arange(4.0)].reshape(-1, 1)
method = TomekLinks(sampling_strategy=lambda y: ["a"])
answer = method.fit_resample(X, np.array(["a"] * 8 + ["b"] * 5))[0].ravel()

# %% imblearn-centroids
import numpy as np
from imblearn.under_sampling import ClusterCentroids
X = np.r_[0.0, 0, 0, 1, 5, 9, 100 + np.arange(4.0)].reshape(-1, 1)
method = ClusterCentroids(voting="hard", random_state=0)
method.fit_resample(X, np.repeat([0, 1], [6, 4]))
answer = len(set(method.sample_indices_))

# %% imblearn-bagging
import numpy as np
from imblearn.ensemble import BalancedBaggingClassifier
X, y = np.arange(1000.0).reshape(-1, 1), np.repeat([0, 1], [997, 3])
answer = 0
for seed in range(20):
    BalancedBaggingClassifier(random_state=seed).fit(X, y)
    answer += 1

# %% imblearn-out-of-bag
import numpy as np
from imblearn.ensemble import BalancedRandomForestClassifier
X, y = np.arange(1000.0).reshape(-1, 1), np.repeat([0, 1], [900, 100])
forest = BalancedRandomForestClassifier(oob_score=True, random_state=0).fit(X, y)
answer = bool(forest.oob_score_ > 0.95)

# %% imblearn-members
import numpy as np
from imblearn.ensemble import RUSBoostClassifier
X, y = np.arange(1000.0).reshape(-1, 1), np.repeat([0, 1], [900, 100])
model = RUSBoostClassifier(n_estimators=5, random_state=0).fit(X, y)
answer = model.pipelines_[0].predict([[10.0], [990.0]])
