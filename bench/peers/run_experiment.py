"""The experiment of `counterweight run`, written with pandas, scikit-learn and imbalanced-learn.

Same held-out share, folds, strategies, learner, inner folds for the threshold, prior correction and metrics. What is
left out is to the peer's advantage: no bootstrap on the held-out rows, no curves, no report, no files.

Variants, so that nobody need call the peer crippled:
  --solver lbfgs|newton-cholesky   the default of scikit-learn, and the fastest for few columns
  --encode pipeline|shared         each strategy's pipeline encodes for itself, or all strategies share one encoding a fold
  --categories strings|codes       strings as read, or as level numbers made beforehand
  --sparse                         one-hot columns as CSR
  --jobs N --blas N                processes over folds, threads of BLAS and OpenMP in each

Prints one JSON document.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("--target", required=True)
    parser.add_argument("--positive", help="default: the rarer class")
    parser.add_argument("--solver", default="lbfgs")
    parser.add_argument("--encode", choices=("pipeline", "shared"), default="pipeline")
    parser.add_argument("--categories", choices=("strings", "codes"), default="strings")
    parser.add_argument("--sparse", action="store_true")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--blas", type=int, default=2)
    parser.add_argument("--repeats", type=int)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


ARGS = arguments()
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS"):
    os.environ[name] = str(ARGS.blas)

import numpy as np  # noqa: E402  (thread counts must stand in the environment first)
import pandas as pd  # noqa: E402
from imblearn.over_sampling import SMOTE, RandomOverSampler  # noqa: E402
from imblearn.pipeline import Pipeline  # noqa: E402
from imblearn.under_sampling import RandomUnderSampler  # noqa: E402
from joblib import Parallel, delayed  # noqa: E402
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score  # noqa: E402
from sklearn.model_selection import RepeatedStratifiedKFold, StratifiedKFold, train_test_split  # noqa: E402

from tabular import (  # noqa: E402
    STRATEGIES,
    as_codes,
    best_f1_threshold,
    corrected,
    is_number,
    logistic,
    preprocessing,
    read_table,
)


def sampler(strategy: str, seed: int):
    if strategy == "random-under":
        return RandomUnderSampler(random_state=seed)
    if strategy == "random-over":
        return RandomOverSampler(random_state=seed)
    if strategy == "smote":
        return SMOTE(k_neighbors=5, random_state=seed)
    return None


def screen(table: pd.DataFrame, y: np.ndarray) -> list[str]:
    """Columns to use: not constant, not an identifier, and alone not separating the classes almost perfectly."""
    used = []
    for name in table.columns:
        column = table[name]
        distinct = column.nunique()
        if distinct <= 1:
            continue
        if distinct == len(column) and not pd.api.types.is_float_dtype(column):
            continue
        if is_number(column):
            values = column.to_numpy(dtype=np.float64)
            auc = roc_auc_score(y, np.nan_to_num(values, nan=np.nanmedian(values)))
            if max(auc, 1.0 - auc) > 0.995:
                continue
        used.append(name)
    return used


def threshold_metrics(y: np.ndarray, decided: np.ndarray) -> dict[str, float]:
    """From one confusion matrix: cheaper than a call of scikit-learn for each."""
    tp = float(np.count_nonzero(y & decided))
    fp = float(np.count_nonzero(~y & decided))
    fn = float(np.count_nonzero(y & ~decided))
    tn = float(len(y)) - tp - fp - fn
    n = tp + fp + fn + tn
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn)
    specificity = tn / (tn + fp)
    expected = ((tp + fp) * (tp + fn) + (fn + tn) * (fp + tn)) / (n * n)
    accuracy = (tp + tn) / n
    spread = np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * tp / (2 * tp + fp + fn),
        "f2": 5 * tp / (5 * tp + 4 * fn + fp),
        "specificity": specificity,
        "accuracy": accuracy,
        "balancedAccuracy": (recall + specificity) / 2,
        "matthewsCorrcoef": float((tp * tn - fp * fn) / spread) if spread else 0.0,
        "cohenKappa": (accuracy - expected) / (1 - expected),
        "geometricMean": float(np.sqrt(recall * specificity)),
    }


def customary_threshold(strategy: str, y: np.ndarray) -> float:
    """0.5 on the learner's own probabilities, expressed on corrected ones."""
    return 0.5 if strategy == "none" else float(np.mean(y))


def all_metrics(y: np.ndarray, p: np.ndarray, half: float, threshold: float) -> dict[str, dict[str, float]]:
    truth = y.astype(bool)
    scores = {
        "rocAuc": roc_auc_score(y, p),
        "averagePrecision": average_precision_score(y, p),
        "brierScore": brier_score_loss(y, p),
        "logLoss": log_loss(y, p),
    }
    return {
        "scores": {name: float(value) for name, value in scores.items()},
        "half": threshold_metrics(truth, p >= half),
        "tuned": threshold_metrics(truth, p >= threshold),
    }


def scores_of_all(X, y, train, test, columns, strategies=STRATEGIES) -> dict[str, np.ndarray]:
    """Each strategy fitted on `train` alone, and its corrected probabilities on `test`."""
    numeric, categorical = columns
    Xtrain, ytrain, Xtest = X.iloc[train], y[train], X.iloc[test]
    out = {}
    encoder = None
    if ARGS.encode == "shared":
        encoder = preprocessing(numeric, categorical, len(train), ARGS.sparse)
        Xtrain, Xtest = encoder.fit_transform(Xtrain), encoder.transform(Xtest)
    for strategy in strategies:
        steps = [] if encoder else [("encode", preprocessing(numeric, categorical, len(train), ARGS.sparse))]
        resample = sampler(strategy, ARGS.seed)
        if resample is not None:
            steps.append(("resample", resample))
        steps.append(("learn", logistic(strategy, ARGS.solver)))
        model = Pipeline(steps).fit(Xtrain, ytrain)
        p = model.predict_proba(Xtest)[:, 1]
        out[strategy] = corrected(p, ytrain, strategy)
    return out


def one_fold(X, y, train, test, columns) -> dict[str, dict]:
    """The outer fit of every strategy, and before it the inner folds on which its threshold is tuned."""
    inner = {strategy: np.empty(len(train)) for strategy in STRATEGIES}
    for part, rest in StratifiedKFold(3, shuffle=True, random_state=ARGS.seed).split(train, y[train]):
        for strategy, p in scores_of_all(X, y, train[part], train[rest], columns).items():
            inner[strategy][rest] = p
    result = {}
    for strategy, p in scores_of_all(X, y, train, test, columns).items():
        threshold = best_f1_threshold(y[train], inner[strategy])
        half = customary_threshold(strategy, y[train])
        result[strategy] = {"p": p, "threshold": threshold, "metrics": all_metrics(y[test], p, half, threshold)}
    return result


def mean_metrics(folds: list[dict], strategy: str) -> dict[str, dict[str, float]]:
    kinds = folds[0][strategy]["metrics"]
    return {
        kind: {
            name: float(np.mean([fold[strategy]["metrics"][kind][name] for fold in folds])) for name in kinds[kind]
        }
        for kind in kinds
    }


def main() -> None:
    began = time.perf_counter()
    seconds: dict[str, float] = {}
    mark = began

    def lap(name: str) -> None:
        nonlocal mark
        now = time.perf_counter()
        seconds[name] = round(now - mark, 3)
        mark = now

    table = read_table(ARGS.data)
    target = table.pop(ARGS.target).astype(str)
    counts = target.value_counts()
    positive = ARGS.positive or counts.index[-1]
    y = (target == positive).to_numpy().astype(np.int64)
    lap("read")

    train, test = train_test_split(np.arange(len(y)), test_size=0.25, stratify=y, random_state=ARGS.seed)
    used = screen(table.iloc[train], y[train])
    table = table[used]
    columns = ([c for c in used if is_number(table[c])], [c for c in used if not is_number(table[c])])
    if ARGS.categories == "codes":
        table = as_codes(table)
    lap("screen")

    repeats = ARGS.repeats or (3 if len(train) <= 2000 else 2 if len(train) <= 10000 else 1)
    outer = RepeatedStratifiedKFold(n_splits=5, n_repeats=repeats, random_state=ARGS.seed)
    tasks = [(train[a], train[b]) for a, b in outer.split(train, y[train])]
    folds = Parallel(n_jobs=ARGS.jobs)(delayed(one_fold)(table, y, a, b, columns) for a, b in tasks)
    strategies = {strategy: mean_metrics(folds, strategy) for strategy in STRATEGIES}
    lap("compare")

    best = max(STRATEGIES, key=lambda s: strategies[s]["scores"]["averagePrecision"])
    chosen = list(dict.fromkeys(["none", best]))
    pooled = np.concatenate([b for _, b in tasks])
    held = scores_of_all(table, y, train, test, columns, chosen)
    held_out = {}
    for strategy, p in held.items():
        out_of_fold = np.concatenate([fold[strategy]["p"] for fold in folds])
        half = customary_threshold(strategy, y[train])
        held_out[strategy] = all_metrics(y[test], p, half, best_f1_threshold(y[pooled], out_of_fold))
    lap("held-out")

    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    json.dump(
        {
            "rows": len(y),
            "columns": len(used),
            "variant": {k: v for k, v in vars(ARGS).items() if k not in ("data", "target", "positive", "seed")},
            "repeats": repeats,
            "seconds": {**seconds, "total": round(time.perf_counter() - began, 3)},
            "peakRssMiB": {"main": own / 1024, "largestChild": children / 1024},
            "best": best,
            "strategies": strategies,
            "heldOut": held_out,
        },
        sys.stdout,
        indent=1,
    )
    print()


if __name__ == "__main__":
    main()
