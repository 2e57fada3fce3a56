"""The peer of resampling tables: imbalanced-learn's SMOTENC and SMOTEN.

  resample_tables.py CLASS OPTIONS RUNS X Y COLUMNS CATEGORICAL OUT

reads float64 rows, in which the columns CATEGORICAL (by comma) hold codes, and int32 labels, resamples RUNS times, writes the last
result to OUT, and prints one JSON document a run with the times and how far the process grew above what it held before.
"""

from __future__ import annotations

import json
import re
import sys
import time
import warnings

import imblearn.over_sampling
import numpy as np


def held(field: str) -> int:
    with open("/proc/self/status") as status:
        return 1024 * int(re.search(rf"{field}:\s+(\d+)", status.read()).group(1))


def main() -> None:
    name, options, runs, x, y, columns, categorical, out = sys.argv[1:]
    X = np.fromfile(x, dtype=np.float64).reshape(-1, int(columns))
    labels = np.fromfile(y, dtype=np.int32)
    coded = [int(c) for c in categorical.split(",") if c]
    arguments = {**({"categorical_features": coded} if name == "SMOTENC" else {}), **json.loads(options)}
    warnings.filterwarnings("ignore")
    seconds, growth = [], []
    for _ in range(int(runs)):
        with open("/proc/self/clear_refs", "w") as refs:
            refs.write("5")
        before, start = held("VmRSS"), time.perf_counter()
        made, _ = getattr(imblearn.over_sampling, name)(**arguments).fit_resample(X, labels)
        seconds.append(time.perf_counter() - start)
        growth.append(held("VmHWM") - before)
        print(json.dumps({"seconds": seconds, "growth": growth, "input": X.nbytes, "rows": len(made)}), flush=True)
    np.ascontiguousarray(made, dtype=np.float64).tofile(out)


if __name__ == "__main__":
    main()
