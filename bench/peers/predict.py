"""The peer of `counterweight predict`: a fitted scikit-learn pipeline over a file that need not fit in memory.

  predict.py fit TRAIN --target COL MODEL      fits the pipeline and keeps it with joblib
  predict.py score MODEL DATA OUT              scores DATA in chunks; CSV or Parquet by the extension of OUT

`--reader arrow` (default) streams record batches with pyarrow, `--reader pandas` uses read_csv with chunksize.
`score` prints one JSON document.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_NUM_THREADS"):
    os.environ.setdefault(name, "2")

import joblib  # noqa: E402  (thread counts must stand in the environment first)
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.csv  # noqa: E402
import pyarrow.parquet  # noqa: E402
from sklearn.pipeline import Pipeline  # noqa: E402

from tabular import is_number, logistic, preprocessing, read_table  # noqa: E402


def fit(args: argparse.Namespace) -> None:
    table = read_table(args.data)
    target = table.pop(args.target)
    counts = target.value_counts()
    numeric = [c for c in table.columns if is_number(table[c])]
    categorical = [c for c in table.columns if c not in numeric]
    encoder = preprocessing(numeric, categorical, len(table), sparse=False)
    positive = counts.index[-1]
    y = (target == positive).to_numpy().astype(np.int64)
    model = Pipeline([("encode", encoder), ("learn", logistic("none", args.solver))]).fit(table, y)
    types = {c: "double" if c in numeric else str(table[c].dtype) for c in table.columns}
    labels = [str(label) for label in (counts.index[0], positive)]
    joblib.dump({"model": model, "types": types, "labels": labels, "threshold": 0.5}, args.model)


def batches(path: str, types: dict[str, str], reader: str, rows: int):
    if reader == "pandas":
        dtypes = {c: "float64" if t == "double" else t for c, t in types.items()}
        yield from pd.read_csv(path, usecols=list(types), dtype=dtypes, chunksize=rows)
        return
    arrow = {c: pa.float64() if t == "double" else pa.bool_() if t == "bool" else pa.string() for c, t in types.items()}
    convert = pa.csv.ConvertOptions(
        column_types=arrow, include_columns=list(types), strings_can_be_null=True, true_values=["true"], false_values=["false"]
    )
    read = pa.csv.ReadOptions(block_size=16 << 20, use_threads=True)
    with pa.csv.open_csv(path, read_options=read, convert_options=convert) as stream:
        for batch in stream:
            yield batch.to_pandas()


def score(args: argparse.Namespace) -> None:
    began = time.perf_counter()
    kept = joblib.load(args.model)
    model, labels = kept["model"], np.array(kept["labels"])
    schema = pa.schema([("p", pa.float64()), ("prediction", pa.string())])
    parquet = args.out.endswith(".parquet")
    writer = pa.parquet.ParquetWriter(args.out, schema) if parquet else pa.csv.CSVWriter(args.out, schema)
    rows = 0
    with writer:
        for table in batches(args.data, kept["types"], args.reader, args.rows):
            p = model.predict_proba(table)[:, 1]
            prediction = labels[(p >= kept["threshold"]).astype(np.int64)]
            writer.write_table(pa.table({"p": p, "prediction": pa.array(prediction, pa.string())}, schema=schema))
            rows += len(p)
    seconds = time.perf_counter() - began
    json.dump(
        {
            "rows": rows,
            "seconds": round(seconds, 3),
            "rowsPerSecond": round(rows / seconds),
            "peakRssMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        },
        sys.stdout,
    )
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    fitting = commands.add_parser("fit")
    fitting.add_argument("data")
    fitting.add_argument("model")
    fitting.add_argument("--target", required=True)
    fitting.add_argument("--solver", default="newton-cholesky")
    scoring = commands.add_parser("score")
    scoring.add_argument("model")
    scoring.add_argument("data")
    scoring.add_argument("out")
    scoring.add_argument("--reader", choices=("arrow", "pandas"), default="arrow")
    scoring.add_argument("--rows", type=int, default=200_000)
    args = parser.parse_args()
    fit(args) if args.command == "fit" else score(args)


if __name__ == "__main__":
    main()
