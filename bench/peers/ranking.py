"""The peer of ranking metrics: scikit-learn.

  ranking.py SCORES TRUTH

reads float64 scores and int32 labels, warms up on a part, and prints one JSON document with the time of both metrics.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score


def main() -> None:
    scores = np.fromfile(sys.argv[1], dtype=np.float64)
    truth = np.fromfile(sys.argv[2], dtype=np.int32)
    few = min(len(scores), 100_000)
    roc_auc_score(truth[:few], scores[:few])
    average_precision_score(truth[:few], scores[:few])
    start = time.perf_counter()
    area = roc_auc_score(truth, scores)
    precision = average_precision_score(truth, scores)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "rocAuc": area, "averagePrecision": precision}))


if __name__ == "__main__":
    main()
