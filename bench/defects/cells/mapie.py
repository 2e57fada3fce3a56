"""MAPIE: split scores, RAPS, calibration errors, Venn-Abers, martingale, cross-conformal."""

# %% mapie-rank
import numpy as np
from mapie.conformity_scores import LACConformityScore
scores = np.arange(1, 100).reshape(-1, 1) / 100  # 99 calibration scores: .01, .02, ... .99
quantile = LACConformityScore().get_conformity_score_quantiles(scores, np.array([0.1]), "prefit")
answer = float(quantile[0])

# %% mapie-rank-float
import numpy as np
from mapie.conformity_scores import LACConformityScore
scores = np.arange(1, 100).reshape(-1, 1) / 100
quantile = LACConformityScore().get_conformity_score_quantiles(scores, np.array([0.42]), "prefit")
answer = float(quantile[0])

# %% mapie-few-rows
import numpy as np
from mapie.conformity_scores import LACConformityScore
scores = np.array([[0.2], [0.5], [0.3], [0.1], [0.4]])  # five rows cannot promise 90 %
quantile = LACConformityScore().get_conformity_score_quantiles(scores, np.array([0.1]), "prefit")
answer = float(quantile[0])

# %% mapie-raps
import numpy as np
from mapie.conformity_scores import RAPSConformityScore
cumulative = np.array([[0.5, 0.7, 0.9, 1.0]])  # k* = 3, lambda = 0.5: only the fourth label pays
score = RAPSConformityScore()
answer = score._add_regularization(cumulative.copy(), lambda_=0.5, k_star=3, prediction_phase=False)[0]

# %% mapie-ece
import numpy as np
from mapie.metrics.calibration import expected_calibration_error
p = np.array([0.1, 0.1, 0.1, 0.1, 0.6, 0.6, 0.6, 0.6, 0.9, 0.9])
y = np.array([0, 0, 0, 1, 0, 0, 1, 0, 1, 1])
answer = float(expected_calibration_error(y, p, num_bins=2))

# %% mapie-ece-split
import numpy as np
from mapie.metrics.calibration import expected_calibration_error
p = np.array([0.1, 0.6, 0.9, 0.1, 0.6, 0.1, 0.9, 0.6, 0.1, 0.6])
y = np.array([0, 0, 1, 0, 1, 0, 1, 0, 1, 0])
order = np.argsort(p, kind="stable")
answer = [float(expected_calibration_error(a, b, num_bins=5, split_strategy="array split")) for a, b in [(y, p), (y[order], p[order])]]

# %% mapie-venn-abers
import numpy as np
from mapie._venn_abers import calc_p0p1, calc_probs
s, y = np.array([0.2, 0.4, 0.6, 0.8]), np.array([1, 0, 1, 0])
pairs = calc_p0p1(np.c_[1 - s, s], y)
answer = calc_probs(*pairs, np.array([[0.1, 0.9]]))[1][0]

# %% mapie-martingale
import numpy as np
from mapie.exchangeability_testing import OnlineMartingaleTest
test = OnlineMartingaleTest(random_state=0)
answer = float(np.mean([test.compute_p_value(s[-1], s[:-1]) for s in np.random.default_rng(0).random((20000, 10))]))

# %% mapie-spiegelhalter
import numpy as np
from mapie.metrics.calibration import spiegelhalter_p_value
p = np.repeat([0.05, 0.95], 100)
y = np.tile(np.repeat([0, 1], 50), 2)[:200]  # wildly overconfident: half of each group is positive
answer = [float(spiegelhalter_p_value(y, p)), float(spiegelhalter_p_value(np.repeat([0, 1], 100), np.repeat([0.3, 0.7], 100)))]

# %% mapie-cross
import numpy as np
from mapie.conformity_scores import LACConformityScore
scores, p = np.arange(1, 25) / 25, np.array([0.1, 0.9])  # 24 scores; the first label scores .9, which two of them reach
rule = LACConformityScore()
answer = rule.get_prediction_sets(np.tile(p[None, :, None], (1, 1, 24)), scores, np.array([0.1]), 5, agg_scores="crossval")[0, :, 0]
