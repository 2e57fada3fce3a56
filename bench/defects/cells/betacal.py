"""betacal: the signs of its parameters, the warnings of its caller, the optimum."""

# %% betacal-sign
import numpy as np
from betacal import BetaCalibration
s, y = np.linspace(0.05, 0.95, 20), np.repeat([1, 0], 10)  # scores that run the wrong way
y[[5, 14]] = [0, 1]
answer = BetaCalibration("abm").fit(s, y).predict(np.array([0.1, 0.9]))

# %% betacal-warnings
import warnings
import numpy as np
from betacal import BetaCalibration
warnings.resetwarnings()
BetaCalibration("abm").fit(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0, 1, 0, 1]))
answer = [rule[0] for rule in warnings.filters]

# %% betacal-optimum
import numpy as np
from betacal import BetaCalibration
s = np.array([.05, .12, .12, .2, .25, .3, .33, .4, .4, .45, .5, .55, .6, .62, .7, .7, .75, .8, .9, .95])
y = np.array([0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1])
model = BetaCalibration("am").fit(s, y)
answer = float(model.predict(np.array([0.42]))[0])
