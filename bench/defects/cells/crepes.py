"""crepes: p-values that learn on the way."""

# %% crepes-online
import numpy as np
from crepes import ConformalClassifier
model = ConformalClassifier()
model.fit(np.array([0.9, 0.8, 0.7, 0.6]))
strange = np.array([[0.95, 0.1], [0.95, 0.1]])  # both rows are of class 0: stranger than all that came before
answer = model.predict_p_online(strange, np.array([0, 1]), np.array([0, 0]), all_classes=False, smoothing=False)

# %% crepes-online-mondrian
import numpy as np
from crepes import ConformalClassifier
model = ConformalClassifier()
model.fit(np.array([0.9, 0.8, 0.7, 0.6]), bins=np.array([0, 0, 1, 1]))
strange = np.array([[0.95, 0.1], [0.95, 0.1]])
answer = model.predict_p_online(strange, np.array([0, 1]), np.array([0, 0]), bins=np.array([0, 1]), all_classes=False, smoothing=False)
