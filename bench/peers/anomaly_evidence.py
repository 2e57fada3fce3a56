"""Scores of fresh rows by the peers of the detectors: scikit-learn and PyOD.

Reads jobs from standard input, one JSON document a line: {train, test, columns, seed, scores, detectors}. Fits each detector
to the rows of the file `train` (float64) and writes its scores of the rows of `test` to `scores`, one detector after the
other; larger is stranger. Answers each job with the names and versions of the peers, or what one of them failed with.
"""

from __future__ import annotations

import json
import sys
import warnings
from importlib.metadata import version

import numpy as np

warnings.filterwarnings("ignore")


def pyod(module: str, name: str, **options: object):
    def score(train: np.ndarray, test: np.ndarray, _seed: int) -> np.ndarray:
        made = getattr(__import__(f"pyod.models.{module}", fromlist=[name]), name)
        return made(**options).fit(train).decision_function(test)

    return f"pyod {name}", score


def isolation_forest(train, test, seed):
    from sklearn.ensemble import IsolationForest

    return -IsolationForest(random_state=seed).fit(train).score_samples(test)


def reconstruction(train, test, _seed):
    """Root of the squared error of what the components that explain half the variance give back."""
    from sklearn.decomposition import PCA

    model = PCA(n_components=0.5, svd_solver="full").fit(train)
    return np.linalg.norm(test - model.inverse_transform(model.transform(test)), axis=1)


def mahalanobis(train, test, _seed):
    from sklearn.covariance import EmpiricalCovariance

    return EmpiricalCovariance().fit(train).mahalanobis(test)


def robust(train, test, seed):
    from sklearn.covariance import MinCovDet

    return MinCovDet(random_state=seed).fit(train).mahalanobis(test)


def one_class(train, test, _seed):
    from sklearn.svm import OneClassSVM

    return -OneClassSVM(nu=0.1).fit(train).decision_function(test)


def random_features(train, test, seed):
    from sklearn.kernel_approximation import RBFSampler
    from sklearn.linear_model import SGDOneClassSVM
    from sklearn.pipeline import make_pipeline

    gamma = 1 / (train.shape[1] * train.var())
    made = make_pipeline(
        RBFSampler(gamma=gamma, n_components=256, random_state=seed), SGDOneClassSVM(nu=0.1, random_state=seed)
    )
    return -made.fit(train).decision_function(test)


CONTENDERS = {
    "isolation-forest": ("scikit-learn IsolationForest", isolation_forest),
    "ecod": pyod("ecod", "ECOD"),
    "copod": pyod("copod", "COPOD"),
    "hbos": pyod("hbos", "HBOS"),
    "pca-reconstruction": ("scikit-learn PCA, reconstruction error", reconstruction),
    "pca-distances": pyod("pca", "PCA"),
    "mahalanobis": ("scikit-learn EmpiricalCovariance", mahalanobis),
    "minimum-covariance-determinant": ("scikit-learn MinCovDet", robust),
    "k-nearest": pyod("knn", "KNN"),
    "local-outlier-factor": pyod("lof", "LOF"),
    "one-class-svm": ("scikit-learn OneClassSVM", one_class),
    "random-feature-svm": ("scikit-learn RBFSampler, SGDOneClassSVM", random_features),
}


def work(job: dict) -> dict:
    train, test = (np.fromfile(job[part], dtype=np.float64).reshape(-1, job["columns"]) for part in ("train", "test"))
    found = {}
    with open(job["scores"], "wb") as file:
        for detector in job["detectors"]:
            name, score = CONTENDERS[detector]
            library = "pyod" if name.startswith("pyod") else "scikit-learn"
            try:
                scores = np.asarray(score(train.copy(), test.copy(), job["seed"]), dtype=np.float64).ravel()
                failure = None if np.isfinite(scores).all() else "scores that are no numbers"
            except Exception as error:  # what the peer cannot do is a finding, not the end of the bench
                scores, failure = np.zeros(len(test)), f"{type(error).__name__}: {error}"[:200]
            np.nan_to_num(scores).tofile(file)
            found[detector] = {"peer": name.replace(library, f"{library} {version(library)}"), "failure": failure}
    return found


if __name__ == "__main__":
    answers = sys.stdout
    sys.stdout = sys.stderr  # some peers print
    for line in sys.stdin:
        print(json.dumps(work(json.loads(line))), file=answers, flush=True)
