"""One exact 5-NN pass of scikit-learn over a CSV, which `counterweight diagnose` is measured beside.

  neighbours.py DATA --target COL [--probe ROWS] [--algorithm NAME]

All columns but the target are numbers and standardised. Every algorithm that scikit-learn has (brute force, k-d tree, ball
tree) first answers for `--probe` rows drawn by a seed, against all rows; the fastest of them then does the whole pass with two
threads. Prints one JSON document; the times are of the search alone, reading and standardising left
out; those of the probes are processor time.
"""

from __future__ import annotations

import argparse
import json
import os
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "2")

import numpy as np  # noqa: E402  (thread counts must stand in the environment first)
from sklearn.neighbors import NearestNeighbors  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402

from tabular import read_table  # noqa: E402

ALGORITHMS = ("brute", "kd_tree", "ball_tree")


def search(X: np.ndarray, queries: np.ndarray, algorithm: str) -> tuple[float, float]:
    """Seconds by the clock, and of the processors."""
    began, busy = time.perf_counter(), time.process_time()
    NearestNeighbors(n_neighbors=6, algorithm=algorithm, n_jobs=2).fit(X).kneighbors(queries)
    return time.perf_counter() - began, time.process_time() - busy


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("--target", required=True)
    parser.add_argument("--probe", type=int, default=5000)
    parser.add_argument("--algorithm", choices=ALGORITHMS)
    args = parser.parse_args()
    table = read_table(args.data)
    table.pop(args.target)
    X = np.ascontiguousarray(StandardScaler().fit_transform(table.to_numpy(dtype=np.float64)))
    some = X[np.random.RandomState(0).choice(len(X), min(args.probe, len(X)), replace=False)]
    probes = {name: search(X, some, name)[1] for name in ((args.algorithm,) if args.algorithm else ALGORITHMS)}
    best = min(probes, key=probes.get)
    seconds, busy = search(X, X, best)
    print(
        json.dumps(
            {
                "rows": X.shape[0],
                "columns": X.shape[1],
                "probe": len(some),
                "probes": {name: round(value, 3) for name, value in probes.items()},
                "algorithm": best,
                "seconds": round(seconds, 3),
                "cpuSeconds": round(busy, 3),
            }
        )
    )


if __name__ == "__main__":
    main()
