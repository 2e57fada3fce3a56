"""The peers of learners and ensembles: scikit-learn, imbalanced-learn, imbalanced-ensemble, LightGBM.

  ensemble_evidence.py LIBRARY

reads jobs from standard input, one JSON line each: a folder, the numbers of columns and classes, a seed and the names of methods.
The folder has float64 rows and int32 labels of a training part and the rows of a test part. For each method it writes the
probabilities of the test part to FOLDER/NAME.scores and prints one JSON line with the processor time of its fit; a method that
fails says why. A first line names the library's version; a line with `done` ends each job.
"""

from __future__ import annotations

import json
import signal
import sys
import time
import warnings
from importlib.metadata import version

import numpy as np

LIMIT_SECONDS = 240


def scikit_learn(seed: int) -> dict:
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.ensemble import AdaBoostClassifier, ExtraTreesClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import GaussianNB
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.tree import DecisionTreeClassifier

    return {
        "logistic-regression": lambda: LogisticRegression(max_iter=2000),
        "random-forest": lambda: RandomForestClassifier(random_state=seed),
        "extra-trees": lambda: ExtraTreesClassifier(random_state=seed),
        "decision-tree": lambda: DecisionTreeClassifier(random_state=seed),
        "gaussian-naive-bayes": lambda: GaussianNB(),
        "k-nearest-neighbours": lambda: KNeighborsClassifier(),
        "linear-discriminant": lambda: LinearDiscriminantAnalysis(),
        "ada-boost": lambda: AdaBoostClassifier(random_state=seed),
    }


def imbalanced_learn(seed: int) -> dict:
    from imblearn.ensemble import (
        BalancedBaggingClassifier,
        BalancedRandomForestClassifier,
        EasyEnsembleClassifier,
        RUSBoostClassifier,
    )

    return {
        "balanced-random-forest": lambda: BalancedRandomForestClassifier(random_state=seed),
        "balanced-bagging": lambda: BalancedBaggingClassifier(random_state=seed),
        "easy-ensemble": lambda: EasyEnsembleClassifier(random_state=seed),
        "rus-boost": lambda: RUSBoostClassifier(random_state=seed),
    }


def imbalanced_ensemble(seed: int) -> dict:
    from imbens import ensemble

    return {
        "under-bagging": lambda: ensemble.UnderBaggingClassifier(n_estimators=50, random_state=seed),
        "over-bagging": lambda: ensemble.OverBaggingClassifier(n_estimators=10, random_state=seed),
        "smote-bagging": lambda: ensemble.SMOTEBaggingClassifier(n_estimators=10, random_state=seed),
        "self-paced-ensemble": lambda: ensemble.SelfPacedEnsembleClassifier(n_estimators=50, random_state=seed),
        "balance-cascade": lambda: ensemble.BalanceCascadeClassifier(n_estimators=50, random_state=seed),
        "smote-boost": lambda: ensemble.SMOTEBoostClassifier(n_estimators=50, random_state=seed),
        "over-boost": lambda: ensemble.OverBoostClassifier(n_estimators=50, random_state=seed),
        "ada-cost": lambda: ensemble.AdaCostClassifier(n_estimators=50, random_state=seed),
        "ada-u-boost": lambda: ensemble.AdaUBoostClassifier(n_estimators=50, random_state=seed),
        "asym-boost": lambda: ensemble.AsymBoostClassifier(n_estimators=50, random_state=seed),
    }


def lightgbm(seed: int) -> dict:
    from lightgbm import LGBMClassifier

    return {
        "gradient-boosting": lambda: LGBMClassifier(random_state=seed, n_jobs=1, verbose=-1),
    }


LIBRARIES = {
    "scikit-learn": scikit_learn,
    "imbalanced-learn": imbalanced_learn,
    "imbalanced-ensemble": imbalanced_ensemble,
    "lightgbm": lightgbm,
}


def refuse(*_: object) -> None:
    raise TimeoutError(f"no end within {LIMIT_SECONDS} s")


def main() -> None:
    library = sys.argv[1]
    warnings.filterwarnings("ignore")
    signal.signal(signal.SIGALRM, refuse)
    LIBRARIES[library](0)
    tell({"version": version(library)})
    for line in sys.stdin:
        work(library, json.loads(line))
        tell({"done": True})


def work(library: str, job: dict) -> None:
    folder = job["folder"]
    train = np.fromfile(f"{folder}/train.x", dtype=np.float64).reshape(-1, job["columns"])
    test = np.fromfile(f"{folder}/test.x", dtype=np.float64).reshape(-1, job["columns"])
    labels = np.fromfile(f"{folder}/train.y", dtype=np.int32)
    made = LIBRARIES[library](job["seed"])
    for name in job["names"]:
        signal.alarm(LIMIT_SECONDS)
        try:
            begin = time.process_time()
            model = made[name]().fit(train, labels)
            seconds = time.process_time() - begin
            scores = np.asarray(model.predict_proba(test), dtype=np.float64)
            if scores.shape != (len(test), job["classes"]):
                raise ValueError(f"probabilities of shape {scores.shape}")
            scores.tofile(f"{folder}/{name}.scores")
            tell({"name": name, "seconds": seconds})
        except Exception as error:  # noqa: BLE001: the others go on
            tell({"name": name, "error": f"{type(error).__name__}: {error}"[:300]})
        finally:
            signal.alarm(0)


def tell(told: dict) -> None:
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
