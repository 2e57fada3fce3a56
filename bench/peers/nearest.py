"""The peer of the neighbour search: scikit-learn.

  nearest.py ROWS COLUMNS K METRIC ALGORITHM OUT

reads float64 rows, finds the K nearest other rows of each row with two threads, writes their distances to OUT and prints one JSON
document with the times, by the clock and of the processors, of building and searching.
"""

from __future__ import annotations

import json
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "2")

import numpy as np  # noqa: E402  (thread counts must stand in the environment first)
from sklearn.neighbors import NearestNeighbors  # noqa: E402


def main() -> None:
    rows, columns, k, metric, algorithm, out = sys.argv[1:]
    X = np.fromfile(rows, dtype=np.float64).reshape(-1, int(columns))
    start, busy = time.perf_counter(), time.process_time()
    search = NearestNeighbors(n_neighbors=int(k), metric=metric, algorithm=algorithm, n_jobs=2).fit(X)
    distances, _ = search.kneighbors()
    print(json.dumps({"seconds": time.perf_counter() - start, "cpuSeconds": time.process_time() - busy}))
    distances.astype(np.float64).tofile(out)


if __name__ == "__main__":
    main()
