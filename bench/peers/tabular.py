"""What the Python peers share: reading a CSV, the preprocessing, the prior correction, the exact threshold.

The preprocessing is what scikit-learn's user guide recommends for a mixed table: numbers are imputed with the median
beside a missing indicator and standardised; categories are one-hot encoded with rare levels grouped. Every step is
fitted on the rows that it is given and on nothing else.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

STRATEGIES = ("none", "class-weight", "random-under", "random-over", "smote")


def read_table(path: str) -> pd.DataFrame:
    """The whole file, by pandas' fastest reader."""
    if path.endswith(".parquet"):
        return pd.read_parquet(path)
    return pd.read_csv(path, engine="pyarrow")


def is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def as_codes(table: pd.DataFrame) -> pd.DataFrame:
    """Strings as level numbers, missing as NaN: OneHotEncoder is several times faster on numbers than on strings.

    The numbering of levels says nothing about the classes, so doing it once for all rows leaks nothing.
    """
    coded = {}
    for name in table.columns:
        column = table[name]
        if is_number(column):
            coded[name] = column.to_numpy(dtype=np.float64)
        else:
            codes = pd.factorize(column)[0].astype(np.float64)
            codes[codes < 0] = np.nan
            coded[name] = codes
    return pd.DataFrame(coded, index=table.index)


def preprocessing(numeric: list[str], categorical: list[str], rows: int, sparse: bool) -> ColumnTransformer:
    numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    levels = OneHotEncoder(
        min_frequency=max(10, int(np.ceil(0.001 * rows))),
        handle_unknown="infrequent_if_exist",
        sparse_output=sparse,
    )
    return ColumnTransformer(
        [("numbers", numbers, numeric), ("levels", levels, categorical)],
        sparse_threshold=1.0 if sparse else 0.0,
    )


def logistic(strategy: str, solver: str) -> LogisticRegression:
    return LogisticRegression(
        C=1.0, max_iter=1000, solver=solver, class_weight="balanced" if strategy == "class-weight" else None
    )


def corrected(p: np.ndarray, y: np.ndarray, strategy: str) -> np.ndarray:
    """Probabilities put back from the class shares that the learner saw to those of its training rows.

    Every strategy but `none` shows the learner equal shares, so b is the odds of the training rows.
    """
    if strategy == "none":
        return p
    positive = float(np.count_nonzero(y))
    b = positive / (len(y) - positive)
    return p / (p + (1.0 - p) / b)  # b·p / ((b - 1)·p + 1), in a form that cannot exceed 1


def best_f1_threshold(y: np.ndarray, p: np.ndarray) -> float:
    """The threshold of greatest F1 among all distinct scores."""
    precision, recall, thresholds = precision_recall_curve(y, p)
    total = precision + recall
    f1 = np.divide(2.0 * precision * recall, total, out=np.zeros_like(total), where=total > 0)
    return float(thresholds[np.argmax(f1[:-1])])
