"""The peer of class-conditional p-values: crepes.

  conformal.py CALIBRATION_ROWS ROWS CLASSES

`wrapped` computes them as `WrapClassifier.predict_p(..., class_cond=True)` does (all columns for each class, one kept);
`own` asks for the kept column only. Prints one JSON document with both times in seconds.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from crepes import ConformalClassifier


def main() -> None:
    calibration, rows, classes = (int(value) for value in sys.argv[1:4])
    rng = np.random.default_rng(0)
    labels = rng.integers(0, classes, calibration)
    scores = rng.random((rows, classes))
    model = ConformalClassifier()
    model.fit(rng.random(calibration), bins=labels)

    start = time.perf_counter()
    for label in range(classes):
        column = scores[:, label : label + 1]
        model.predict_p(column, bins=np.full(rows, label), seed=1)
    own = time.perf_counter() - start

    few = max(1, rows // 10)
    start = time.perf_counter()
    for label in range(classes):
        model.predict_p(scores[:few], bins=np.full(few, label), seed=1)[:, label]
    wrapped = (time.perf_counter() - start) * rows / few
    print(json.dumps({"own": own, "wrapped": wrapped}))


if __name__ == "__main__":
    main()
