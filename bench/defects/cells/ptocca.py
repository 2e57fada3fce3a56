"""VennABERS.py of the repository ptocca/VennABERS: look-ups at ties and above all calibration scores."""

# %% ptocca-tie
import numpy as np
from VennABERS import ScoresToMultiProbs
calibration = [(0.2, 0), (0.4, 1), (0.6, 0), (0.8, 1)]
p0, p1 = ScoresToMultiProbs(calibration, np.array([0.2, 0.4, 0.8]))
answer = [[float(low), float(high)] for low, high in zip(p0, p1)]

# %% ptocca-above
import numpy as np
from VennABERS import ScoresToMultiProbs
calibration = [(0.2, 1), (0.4, 0), (0.6, 1), (0.8, 0)]
p0, p1 = ScoresToMultiProbs(calibration, np.array([0.9]))
answer = [float(p0[0]), float(p1[0])]
