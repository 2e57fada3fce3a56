"""The peer of resampling: imbalanced-learn.

  resample.py CLASS OPTIONS RUNS X Y COLUMNS OUT

reads float64 rows and int32 labels, resamples RUNS times with the class of that name (`under_sampling.TomekLinks`) and the
options of that JSON, writes the features of the last result to OUT, and prints one JSON document with the times (by the
clock and of the processors) of the resampling alone and the number of rows.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
import warnings

import numpy as np


def main() -> None:
    name, options, runs, x, y, columns, out = sys.argv[1:]
    module, _, cls = name.rpartition(".")
    make = getattr(importlib.import_module(f"imblearn.{module}"), cls)
    X = np.fromfile(x, dtype=np.float64).reshape(-1, int(columns))
    labels = np.fromfile(y, dtype=np.int32)
    warnings.filterwarnings("ignore")
    seconds, cpu_seconds = [], []
    # Whoever gives up a long run knows by this line when it began.
    print(json.dumps({"seconds": seconds, "cpuSeconds": cpu_seconds}), flush=True)
    for _ in range(int(runs)):
        start, busy = time.perf_counter(), time.process_time()
        made, _ = make(**json.loads(options)).fit_resample(X, labels)
        seconds.append(time.perf_counter() - start)
        cpu_seconds.append(time.process_time() - busy)
        print(json.dumps({"seconds": seconds, "cpuSeconds": cpu_seconds, "rows": len(made)}), flush=True)
    np.ascontiguousarray(made, dtype=np.float64).tofile(out)


if __name__ == "__main__":
    main()
