"""The peer of gradient boosting: LightGBM.

  boosting.py FOLDER COLUMNS CATEGORICAL THREADS SCORED

reads float64 rows and int32 labels of a training and a test part from FOLDER, fits 100 rounds of 31 leaves and 255 bins,
scores SCORED rows, and prints one JSON document with times (binning included) and the scores of the test part's file.
"""

from __future__ import annotations

import json
import sys
import time

import lightgbm
import numpy as np

WARM_SECONDS = 1


def main() -> None:
    folder, columns = sys.argv[1], int(sys.argv[2])
    categorical = [int(name) for name in sys.argv[3].split(",") if name]
    threads = int(sys.argv[4])
    scored = int(sys.argv[5])
    train = np.fromfile(f"{folder}/train.x", dtype=np.float64).reshape(-1, columns)
    test = np.fromfile(f"{folder}/test.x", dtype=np.float64).reshape(-1, columns)
    labels = np.fromfile(f"{folder}/train.y", dtype=np.int32)
    parameters = {
        "objective": "binary",
        "num_leaves": 31,
        "max_bin": 255,
        "learning_rate": 0.1,
        "num_threads": threads,
        "verbose": -1,
    }
    warm = time.perf_counter()
    while time.perf_counter() - warm < WARM_SECONDS:
        lightgbm.train(parameters, lightgbm.Dataset(train, labels, categorical_feature=categorical or "auto"), 100)
    begin, cpu = time.perf_counter(), time.process_time()
    data = lightgbm.Dataset(train, labels, categorical_feature=categorical or "auto")
    model = lightgbm.train(parameters, data, 100)
    fit, fit_cpu = time.perf_counter() - begin, time.process_time() - cpu
    many = np.resize(test, (scored, columns))
    begin, cpu = time.perf_counter(), time.process_time()
    model.predict(many, num_threads=threads)
    predict, predict_cpu = time.perf_counter() - begin, time.process_time() - cpu
    model.predict(test, num_threads=threads).astype(np.float64).tofile(f"{folder}/scores")
    print(
        json.dumps(
            {
                "version": lightgbm.__version__,
                "fit": fit,
                "fitCpu": fit_cpu,
                "predict": predict,
                "predictCpu": predict_cpu,
            }
        )
    )


if __name__ == "__main__":
    main()
