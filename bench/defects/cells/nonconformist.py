"""nonconformist: the margin score."""

# %% nonconformist-margin
import numpy as np
from nonconformist.nc import MarginErrFunc
p = np.array([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]])
MarginErrFunc().apply(p, np.array([0, 2]))
answer = p
