"""The peers of the ensembles: imbalanced-learn, and scikit-learn for the plain random forest.

  ensembles.py FOLDER COLUMNS NAME SEED THREADS

reads float64 rows and int32 labels of a training and a test part from FOLDER, fits one ensemble with its defaults, and
prints one JSON document with its times; scores of the test part go to a file.
"""

from __future__ import annotations

import json
import sys
import time

import imblearn
import numpy as np
from imblearn.ensemble import (
    BalancedBaggingClassifier,
    BalancedRandomForestClassifier,
    EasyEnsembleClassifier,
    RUSBoostClassifier,
)
from sklearn.ensemble import RandomForestClassifier


def main() -> None:
    folder, columns, name, seed, threads = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
    train = np.fromfile(f"{folder}/train.x", dtype=np.float64).reshape(-1, columns)
    test = np.fromfile(f"{folder}/test.x", dtype=np.float64).reshape(-1, columns)
    labels = np.fromfile(f"{folder}/train.y", dtype=np.int32)
    made = {
        "random-forest": lambda: RandomForestClassifier(random_state=seed, n_jobs=threads),
        "balanced-random-forest": lambda: BalancedRandomForestClassifier(random_state=seed, n_jobs=threads),
        "balanced-bagging": lambda: BalancedBaggingClassifier(random_state=seed, n_jobs=threads),
        "easy-ensemble": lambda: EasyEnsembleClassifier(random_state=seed, n_jobs=threads),
        "rus-boost": lambda: RUSBoostClassifier(random_state=seed),
    }[name]
    few = np.arange(400)
    made().fit(train[few], few % 2)
    ensemble = made()
    rounds = timed_rounds(ensemble) if name == "rus-boost" else None
    begin = time.perf_counter()
    model = ensemble.fit(train, labels)
    fit = time.perf_counter() - begin
    begin = time.perf_counter()
    scores = model.predict_proba(test)[:, 1]
    predict = time.perf_counter() - begin
    scores.astype(np.float64).tofile(f"{folder}/scores")
    told = {"version": imblearn.__version__, "fit": fit, "predict": predict, "members": len(model.estimators_)}
    if rounds is not None:
        told["rounds"] = len(rounds)
        told["round"] = sum(rounds) / len(rounds)
    print(json.dumps(told))


def timed_rounds(ensemble) -> list[float]:
    """Seconds of each round of boosting, the one that ends it too."""
    rounds: list[float] = []
    boost = ensemble._boost

    def timed(*args, **options):
        begin = time.perf_counter()
        try:
            return boost(*args, **options)
        finally:
            rounds.append(time.perf_counter() - begin)

    ensemble._boost = timed
    return rounds


if __name__ == "__main__":
    main()
