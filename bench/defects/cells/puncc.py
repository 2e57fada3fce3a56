"""puncc: adaptive sets of a single row, class-wise calibration with a rare class."""

# %% puncc-batch
import numpy as np
from deel.puncc.api.prediction_sets import raps_set
p = np.full((1, 10), 0.1)  # ten equally likely classes: 85 % needs nine of them
sizes = [len(raps_set(np.repeat(p, rows, axis=0), 0.85, rand=False)[0][0]) for rows in (1, 5, 20)]
answer = sizes

# %% puncc-classwise
import numpy as np
from deel.puncc.api.prediction import BasePredictor
from deel.puncc.classification import ClasswiseLAC
class Given(BasePredictor):
    def predict(self, X, **options):
        return X
p, y = np.tile([[0.7, 0.2, 0.1]], (43, 1)), np.array([0] * 20 + [1] * 20 + [2] * 3)
model = ClasswiseLAC(Given(None, is_trained=True), train=False)
model.fit(X_calib=p, y_calib=y)
answer = [int(label) for label in model.predict(p[:1], alpha=0.1)[1][0]]
