"""Recomputes with scikit-learn and imbalanced-learn what `counterweight run` says of its held-out rows.

  check_agreement.py RUN DATA --target COL

Reads RUN/predictions.parquet and RUN/report.json, refits nothing, and prints one JSON document: the number of values
compared, the largest difference, and every value that differs by more than 1e-9 (relative where the value is above 1).
"""

from __future__ import annotations

import argparse
import json
import math
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from imblearn.metrics import geometric_mean_score, specificity_score
from scipy.stats import binomtest
from sklearn import metrics as sk

TOLERANCE = 1e-9


class Findings:
    """Collects comparisons. NaN on our side of scikit-learn's and null in the report are the same."""

    def __init__(self) -> None:
        self.compared = 0
        self.largest = 0.0
        self.failures: list[str] = []

    def number(self, name: str, reported: float | None, expected: float) -> None:
        self.compared += 1
        missing = reported is None
        if missing or math.isnan(expected):
            if missing != math.isnan(expected):
                self.failures.append(f"{name}: reported {reported}, expected {expected}")
            return
        difference = abs(reported - expected) / max(1.0, abs(expected))
        self.largest = max(self.largest, difference)
        if not difference <= TOLERANCE:
            self.failures.append(f"{name}: reported {reported!r}, expected {expected!r}")

    def same(self, name: str, reported, expected) -> None:
        self.compared += 1
        if reported != expected:
            self.failures.append(f"{name}: reported {str(reported)[:200]}, expected {str(expected)[:200]}")


def label_text(label) -> str:
    """A class as the report writes it: whole numbers without a decimal point."""
    if isinstance(label, bool):
        return "true" if label else "false"
    if isinstance(label, float) and label.is_integer():
        return str(int(label))
    return str(label)


def codes_of(column: pd.Series, classes: list[str]) -> np.ndarray:
    index = {label: code for code, label in enumerate(classes)}
    return np.array([index[label_text(value)] for value in column.tolist()], dtype=np.int64)


def same_text(value: str, label: str) -> bool:
    """Whether a cell of the input names this class; numbers by value."""
    if value == label:
        return True
    try:
        return float(value) == float(label)
    except ValueError:
        return value.lower() == label.lower()


def score_metrics(y: np.ndarray, P: np.ndarray, positive: int | None) -> dict[str, float]:
    k = P.shape[1]
    labels = np.arange(k)
    out = {"logLoss": sk.log_loss(y, P, labels=labels)}
    if positive is not None:
        p, hit = P[:, positive], (y == positive).astype(int)
        out["rocAuc"] = sk.roc_auc_score(hit, p)
        out["averagePrecision"] = sk.average_precision_score(hit, p)
        out["brierScore"] = sk.brier_score_loss(hit, p, pos_label=1)
        return out
    present = [c for c in labels if 0 < np.count_nonzero(y == c) < len(y)]
    out["rocAuc"] = float(np.mean([sk.roc_auc_score(y == c, P[:, c]) for c in present]))
    out["averagePrecision"] = float(np.mean([sk.average_precision_score(y == c, P[:, c]) for c in present]))
    out["brierScore"] = sk.brier_score_loss(y, P, labels=labels, scale_by_half=False)
    return out


def decision_metrics(y: np.ndarray, d: np.ndarray, positive: int | None) -> dict[str, float]:
    present = sorted(set(y.tolist()))
    if positive is not None:
        a, b = (y == positive).astype(int), (d == positive).astype(int)
        how = {"zero_division": np.nan}
        ratios = {
            "precision": sk.precision_score(a, b, **how),
            "recall": sk.recall_score(a, b, **how),
            "f1": sk.fbeta_score(a, b, beta=1, **how),
            "f2": sk.fbeta_score(a, b, beta=2, **how),
            "specificity": sk.recall_score(1 - a, 1 - b, **how),
        }
    else:
        seen = sorted(set(y.tolist()) | set(d.tolist()))
        macro = {"average": "macro", "labels": seen}
        each = {"average": None, "labels": seen}
        ratios = {
            "precision": sk.precision_score(y, d, zero_division=0, **macro),
            "recall": float(np.nanmean(sk.recall_score(y, d, zero_division=np.nan, **each))),
            "f1": sk.fbeta_score(y, d, beta=1, zero_division=0, **macro),
            "f2": sk.fbeta_score(y, d, beta=2, zero_division=0, **macro),
            "specificity": float(np.mean(specificity_score(y, d, **each))),
        }
    return {
        **ratios,
        "accuracy": sk.accuracy_score(y, d),
        "balancedAccuracy": sk.balanced_accuracy_score(y, d),
        "matthewsCorrcoef": sk.matthews_corrcoef(y, d),
        "cohenKappa": sk.cohen_kappa_score(y, d),
        "geometricMean": float(geometric_mean_score(y, d, labels=present, average="multiclass")),
    }


def decide(P: np.ndarray, decision: dict, positive: int | None) -> np.ndarray | None:
    """Decisions as the report describes them; None where they follow from a cost matrix."""
    if decision.get("threshold") is not None and positive is not None:
        return np.where(P[:, positive] >= decision["threshold"], positive, 1 - positive)
    if decision.get("classWeights") is not None:
        return np.argmax(P * np.array(decision["classWeights"]), axis=1)
    return None


def check_metrics(found: Findings, name: str, reported: dict, expected: dict[str, float]) -> None:
    for metric, value in expected.items():
        if metric in reported:
            found.number(f"{name}.{metric}", reported[metric]["value"], float(value))
        else:
            found.failures.append(f"{name}.{metric} is not in the report")
    for metric, estimate in reported.items():
        low, high = estimate["low"], estimate["high"]
        if low is not None and high is not None and low > high:
            found.failures.append(f"{name}.{metric}: its interval is upside down")


def quantile_bins(p: np.ndarray, hit: np.ndarray, bins: int = 10) -> list[tuple[float, int, int]]:
    """Bins that never part equal scores: each closes when it holds its equal part of the rows that are left.

    One (sum of scores, positives, rows) a bin.
    """
    scores, inverse, rows = np.unique(p, return_inverse=True, return_counts=True)
    hits = np.bincount(inverse, weights=hit, minlength=len(scores))
    ends = np.cumsum(rows)
    made, start, taken = [], 0, 0
    while start < len(scores):
        wanted = (len(p) - taken) / (bins - len(made)) * (1 - 1e-9)
        last = len(made) == bins - 1
        end = len(scores) - 1 if last else min(int(np.searchsorted(ends, taken + wanted)), len(scores) - 1)
        part = slice(start, end + 1)
        made.append((float(scores[part] @ rows[part]), int(hits[part].sum()), int(rows[part].sum())))
        start, taken = end + 1, int(ends[end])
    return made


def check_reliability(found: Findings, name: str, curve: dict, p: np.ndarray, hit: np.ndarray, with_bins: bool) -> None:
    found.number(f"{name}.brierScore", curve["brierScore"], sk.brier_score_loss(hit, p))
    found.number(f"{name}.logLoss", curve["logLoss"], sk.log_loss(hit, np.column_stack([1 - p, p]), labels=[0, 1]))
    found.number(f"{name}.bias", curve["bias"], float(p.mean() - hit.mean()))
    if not with_bins:
        return
    expected = quantile_bins(p, hit)
    found.same(f"{name}.bins", len(curve["bins"]), len(expected))
    for i, (bin_, (total, hits, rows)) in enumerate(zip(curve["bins"], expected)):
        interval = binomtest(hits, rows).proportion_ci(0.95, method="wilson")
        found.same(f"{name}.bins[{i}].rows", bin_["rows"], rows)
        found.number(f"{name}.bins[{i}].predicted", bin_["predicted"], total / rows)
        found.number(f"{name}.bins[{i}].observed", bin_["observed"], hits / rows)
        found.number(f"{name}.bins[{i}].low", bin_["low"], interval.low)
        found.number(f"{name}.bins[{i}].high", bin_["high"], interval.high)


def check_calibration(found: Findings, report: dict, chosen: dict, y: np.ndarray, P: np.ndarray, classes: list[str]) -> None:
    shift = np.array(chosen["priorShift"], dtype=float)
    raw = P * shift
    raw /= raw.sum(axis=1, keepdims=True)
    unchanged = np.allclose(shift, shift[0], rtol=1e-12)
    for curve in report["heldOut"]["calibration"]:
        c = classes.index(label_text(curve["class"]))
        hit = (y == c).astype(int)
        check_reliability(found, f"reliability {curve['class']} after", curve["after"], P[:, c], hit, True)
        before = P[:, c] if unchanged else raw[:, c]
        check_reliability(found, f"reliability {curve['class']} before", curve["before"], before, hit, bool(unchanged))


def check_curves(found: Findings, report: dict, y: np.ndarray, P: np.ndarray, classes: list[str]) -> None:
    """Every point drawn lies on scikit-learn's curve."""
    for curve in report["heldOut"]["curves"]:
        c = classes.index(label_text(curve["class"]))
        hit = y == c
        found.number(f"curves {curve['class']}.prevalence", curve["prevalence"], float(hit.mean()))
        fpr, tpr, _ = sk.roc_curve(hit, P[:, c], drop_intermediate=False)
        precision, recall, _ = sk.precision_recall_curve(hit, P[:, c])
        for kind, drawn, x, v in (("roc", curve["roc"], fpr, tpr), ("precisionRecall", curve["precisionRecall"], recall, precision)):
            on_curve = {(round(a, 9), round(b, 9)) for a, b in zip(x.tolist(), v.tolist())}
            off = [q for q in drawn if not near(on_curve, q["x"], q["y"])]
            found.same(f"curves {curve['class']}.{kind}: points off the curve", off[:3], [])


def near(points: set[tuple[float, float]], x: float, y: float) -> bool:
    """Whether a point is among rounded ones, a step of rounding to either side allowed."""
    steps = (0.0, -1e-9, 1e-9)
    return any((round(round(x, 9) + a, 9), round(round(y, 9) + b, 9)) in points for a in steps for b in steps)


def check_sweep(found: Findings, report: dict, y: np.ndarray, P: np.ndarray, positive: int | None) -> None:
    wrong = []
    for point in report["heldOut"]["sweep"]:
        decided = P[:, positive] >= point["threshold"]
        hit = y == positive
        counts = [int(np.sum(a & b)) for a, b in ((hit, decided), (~hit, decided), (hit, ~decided), (~hit, ~decided))]
        if counts != [point[name] for name in ("tp", "fp", "fn", "tn")]:
            wrong.append(point)
    found.same("sweep: wrong points", wrong[:3], [])


def check_rows(found: Findings, report: dict, rows: pd.DataFrame, y: np.ndarray, classes: list[str], args) -> None:
    """The held-out rows are rows of the input, each once, with their own class, as many a class as the report says."""
    held = rows["row"].to_numpy()
    found.same("rows: distinct", len(set(held.tolist())), len(held))
    found.same("rows: number", len(held), report["validation"]["testRows"])
    found.same("rows: a class", np.bincount(y, minlength=len(classes)).tolist(), report["validation"]["testClassRows"])
    source = pd.read_csv(args.data, usecols=[args.target], dtype=str, keep_default_na=False)[args.target].tolist()
    wrong = []
    for row, code in zip(held.tolist(), y.tolist()):
        named = [c for c, label in enumerate(classes) if same_text(source[row].strip(), label)]
        # A class against the rest: every other label of the input stands for the other class.
        if (named[0] if named else None) != code and not (args.positive and not named):
            wrong.append((row, source[row], classes[code]))
    found.same("rows: truth is not the input's", wrong[:3], [])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("data")
    parser.add_argument("--target", required=True)
    parser.add_argument("--positive", help="the class that was asked for against the rest, if any")
    args = parser.parse_args()
    warnings.simplefilter("ignore")

    report = json.loads((args.run / "report.json").read_text())
    rows = pd.read_parquet(args.run / "predictions.parquet")
    held = report["heldOut"]
    classes = [label_text(label) for label in held["classes"]]
    y = codes_of(rows["truth"], classes)
    d = codes_of(rows["prediction"], classes)
    label = report["data"]["positive"]
    positive = None if label is None else classes.index(label_text(label))
    if positive is None:
        P = rows[[f"p_{name}" for name in classes]].to_numpy(dtype=float)
    else:
        p = rows["p"].to_numpy(dtype=float)
        P = np.empty((len(p), 2))
        P[:, positive], P[:, 1 - positive] = p, 1 - p

    found = Findings()
    check_rows(found, report, rows, y, classes, args)
    found.same("probabilities within 0 .. 1", bool(((P >= 0) & (P <= 1)).all()), True)
    if positive is None:
        found.number("largest distance of a row's sum from 1", float(np.abs(P.sum(axis=1) - 1).max()), 0.0)

    chosen = next(s for s in report["strategies"] if s["id"] == report["choice"]["chosen"])
    found.same("strategy of the held-out rows", held["strategy"], report["choice"]["chosen"])
    costs = report.get("costs")

    def of_decisions(decided: np.ndarray) -> dict[str, float]:
        values = decision_metrics(y, decided, positive)
        return {**values, "expectedCost": float(np.array(costs["matrix"])[decided, y].mean())} if costs else values

    check_metrics(found, "test", chosen["test"], {**score_metrics(y, P, positive), **of_decisions(d)})
    for decision in chosen["decisions"]:
        decided = decide(P, decision, positive)
        if decided is not None:
            check_metrics(found, f"test at {decision['name']}", decision["test"], of_decisions(decided))
    operating = decide(P, held, positive)
    if operating is not None:
        found.same("decisions follow from the scores", int(np.sum(operating != d)), 0)
    confusion = sk.confusion_matrix(y, d, labels=range(len(classes))).tolist()
    found.same("confusion", held["confusion"], confusion)
    check_calibration(found, report, chosen, y, P, classes)
    check_curves(found, report, y, P, classes)
    if positive is not None:
        check_sweep(found, report, y, P, positive)

    print(
        json.dumps(
            {
                "heldOutRows": len(y),
                "classes": len(classes),
                "chosen": report["choice"]["chosen"],
                "compared": found.compared,
                "largestDifference": found.largest,
                "failures": found.failures,
            }
        )
    )


if __name__ == "__main__":
    main()
