"""The peers of the detectors: scikit-learn and PyOD.

  anomaly.py FILE COLUMNS DETECTOR THREADS SCORES

reads float64 rows, warms up on a part, fits and scores all rows, writes the scores and prints one JSON document with both
times. PyOD scores the rows it fits within the fit; only the fit is counted there, and only the fit and one scoring of ours.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from importlib.metadata import version

import numpy as np

warnings.filterwarnings("ignore")


def pyod(module: str, name: str, **options: object):
    made = getattr(__import__(f"pyod.models.{module}", fromlist=[name]), name)

    def fit_and_score(rows: np.ndarray) -> tuple[float, float, np.ndarray]:
        begin = time.perf_counter()
        model = made(**options).fit(rows)
        return time.perf_counter() - begin, 0.0, model.decision_scores_

    return "pyod", fit_and_score


def sklearn(module: str, name: str, score: str, sign: int, **options: object):
    made = getattr(__import__(f"sklearn.{module}", fromlist=[name]), name)

    def fit_and_score(rows: np.ndarray) -> tuple[float, float, np.ndarray]:
        begin = time.perf_counter()
        model = made(**options).fit(rows)
        fitted = time.perf_counter()
        scores = sign * getattr(model, score)(rows)
        return fitted - begin, time.perf_counter() - fitted, scores

    return "scikit-learn", fit_and_score


def random_features(rows: np.ndarray) -> tuple[float, float, np.ndarray]:
    from sklearn.kernel_approximation import RBFSampler
    from sklearn.linear_model import SGDOneClassSVM
    from sklearn.pipeline import make_pipeline

    gamma = 1 / (rows.shape[1] * rows.var())
    sampler = RBFSampler(gamma=gamma, n_components=256, random_state=0)
    made = make_pipeline(sampler, SGDOneClassSVM(nu=0.1, random_state=0))
    begin = time.perf_counter()
    made.fit(rows)
    fitted = time.perf_counter()
    scores = -made.decision_function(rows)
    return fitted - begin, time.perf_counter() - fitted, scores


def contenders(detector: str, threads: int):
    return {
        "isolation-forest": lambda: sklearn("ensemble", "IsolationForest", "score_samples", -1, n_jobs=threads, random_state=0),
        "ecod": lambda: pyod("ecod", "ECOD", n_jobs=1),
        "copod": lambda: pyod("copod", "COPOD", n_jobs=1),
        "hbos": lambda: pyod("hbos", "HBOS", n_bins=10),
        "pca-reconstruction": lambda: pyod("pca", "PCA"),
        "mahalanobis": lambda: sklearn("covariance", "EmpiricalCovariance", "mahalanobis", 1),
        "minimum-covariance-determinant": lambda: sklearn("covariance", "MinCovDet", "mahalanobis", 1, random_state=0),
        "k-nearest": lambda: pyod("knn", "KNN", n_neighbors=5, n_jobs=threads),
        "local-outlier-factor": lambda: pyod("lof", "LOF", n_neighbors=20, n_jobs=threads),
        "random-feature-svm": lambda: ("scikit-learn", random_features),
        "one-class-svm": lambda: sklearn("svm", "OneClassSVM", "decision_function", -1, nu=0.1),
    }[detector]()


def main() -> None:
    path, columns, detector, threads, out = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), sys.argv[5]
    rows = np.fromfile(path, dtype=np.float64).reshape(-1, columns)
    library, fit_and_score = contenders(detector, threads)
    fit_and_score(rows[:1000])
    fit, score, scores = fit_and_score(rows)
    np.asarray(scores, dtype=np.float64).tofile(out)
    print(json.dumps({"fit": fit, "score": score, "peer": f"{library} {version(library)}"}))


if __name__ == "__main__":
    main()
