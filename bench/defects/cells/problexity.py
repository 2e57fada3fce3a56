"""problexity: neighbourhood and balance measures."""

# %% problexity-n2
import numpy as np
from problexity.classification import n2
X, y = np.array([[0.0], [1.0], [3.0], [5.0], [6.0], [9.0]]), np.array([0, 0, 0, 1, 1, 1])
answer = float(n2(X, y))

# %% problexity-n1
import numpy as np
from problexity.classification import n1
X, y = np.array([[0.0], [1.0], [3.0], [5.0], [6.0], [9.0]]), np.array([0, 0, 0, 1, 1, 1])
answer = float(n1(X, y))

# %% problexity-n1-duplicates
import numpy as np
from problexity.classification import n1
X, y = np.array([[0.0], [0.0]]), np.array([0, 1])  # one row of each class at the same place
answer = float(n1(X, y))

# %% problexity-n4
import numpy as np
from problexity.classification import n4
np.random.seed(0)
X = np.r_[np.arange(20.0), 100.0, 101.0].reshape(-1, 1)  # two rare rows, far from all others
answer = float(n4(X, np.repeat([0, 1], [20, 2])))

# %% problexity-c2
import numpy as np
from problexity.classification import c2
answer = float(c2(np.zeros((9, 1)), np.array([0, 0, 0, 1, 1, 1, 2, 2, 2])))  # three classes of three rows

# %% problexity-f4
import numpy as np
from problexity.classification import f4
X = np.array([[2, 3, 4], [5, 0, 0], [4, 5, 1], [1, 5, 2], [1, 4, 1], [2, 3, 3], [0, 0, 5], [4, 5, 3]], dtype=float)
answer = float(f4(X, np.repeat([0, 1], 4)))

# %% problexity-t1
import numpy as np
from problexity.classification import t1
steps = np.arange(1500, 0, -1.0)  # each row's nearest enemy is the next row
answer = float(t1(np.cumsum(steps).reshape(-1, 1), np.arange(1500) % 2))

# %% problexity-t1-duplicates
import numpy as np
from problexity.classification import t1
rng = np.random.default_rng(0)
sets = [(rng.integers(0, 4, (30, 1)).astype(float), np.arange(30) % 2) for _ in range(200)]  # both classes at four places
answer = sum(bool(np.isfinite(t1(X, y))) for X, y in sets)

# %% problexity-f1
import numpy as np
from problexity.classification import f1
X, y = np.array([[0.0], [2.0], [4.0], [6.0]]), np.array([0, 0, 1, 1])
answer = float(f1(X, y))
