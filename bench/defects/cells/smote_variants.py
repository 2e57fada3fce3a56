"""smote_variants; read by run_cells.py."""

# %% sv-gap
import numpy as np
import smote_variants as sv
pairs = np.add.outer(1000.0 * np.arange(20), [0, 1]).ravel()  # the nearest of each rare row lies 1 away
X = np.r_[np.arange(2000.0) - 5000, pairs].reshape(-1, 1)
X_new, _ = sv.SMOTE(n_neighbors=1, random_state=0).sample(X, np.repeat([0, 1], [2000, 40]))
answer = float((X_new[2040:, 0] % 1000).var())

# %% sv-ccr
import numpy as np
import smote_variants as sv
X = np.r_[1.0, 10 + np.arange(19.0), 0, 1000].reshape(-1, 1)  # the first row lies 1 beside a rare one
X_new, _ = sv.CCR(energy=2, random_state=0).sample(X, np.repeat([0, 1], [20, 2]))
answer = float(X_new[0, 0])

# %% sv-ipf
import numpy as np
import smote_variants as sv
X = np.r_[np.arange(60.0), 1000 + np.arange(20.0)].reshape(-1, 1)  # nothing is noise
_, y = sv.SMOTE_IPF(random_state=0).sample(X, np.repeat([1, 2], [60, 20]))
answer = [int((y == label).sum()) for label in (1, 2)]

# %% sv-smobd-noise
import numpy as np
import smote_variants as sv
X = np.r_[np.arange(100) / 10 - 50, np.arange(20) / 20, 5].reshape(-1, 1)  # the last row stands far from its class
X_new, _ = sv.SMOBD(random_state=0).sample(X, np.repeat([0, 1], [100, 21]))
answer = int((X_new[121:, 0] > 1.5).sum())

# %% sv-smobd-idle
import numpy as np
import smote_variants as sv
X = np.r_[3.0 * np.arange(60), 1000 + 3.0 * np.arange(20)].reshape(-1, 1)
_, y = sv.SMOBD(random_state=0).sample(X, np.repeat([0, 1], [60, 20]))
answer = int((y == 1).sum())

# %% sv-polynom
import numpy as np
import smote_variants as sv
X = np.r_[np.arange(39.0), 100 + np.arange(22.0)].reshape(-1, 1)
_, y = sv.polynom_fit_SMOTE_star(random_state=0).sample(X, np.repeat([0, 1], [39, 22]))
answer = int((y == 1).sum())

# %% sv-three
import numpy as np
import smote_variants as sv
X = np.r_[np.arange(60.0), 100 + np.arange(30.0), 200 + np.arange(20.0)].reshape(-1, 1)
_, y = sv.SMOTE(random_state=0).sample(X, np.repeat([0, 1, 2], [60, 30, 20]))
answer = np.bincount(y)

# %% sv-one
import numpy as np
import smote_variants as sv
X = np.r_[np.arange(99.0), 200].reshape(-1, 1)
_, y = sv.SMOTE(random_state=0).sample(X, np.repeat([0, 1], [99, 1]))
answer = f"{len(y)} rows, and no word"
