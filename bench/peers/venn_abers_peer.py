"""The peer of inductive Venn-Abers: the package venn-abers.

  venn_abers_peer.py SCORES LABELS ASKED P0 P1

reads float64 scores, int32 labels and the float64 scores to look up, warms up on a part, writes p0 and p1 as float64,
and prints one JSON document with the time from the arrays to both.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version

import numpy as np
from venn_abers import VennAbers


def both(scores: np.ndarray, labels: np.ndarray, asked: np.ndarray) -> np.ndarray:
    model = VennAbers()
    model.fit(np.column_stack((1 - scores, scores)), labels)
    _, pairs = model.predict_proba(np.column_stack((1 - asked, asked)))
    return pairs


def main() -> None:
    scores = np.fromfile(sys.argv[1], dtype=np.float64)
    labels = np.fromfile(sys.argv[2], dtype=np.int32)
    asked = np.fromfile(sys.argv[3], dtype=np.float64)
    both(scores[:1000], labels[:1000], asked[:1000])
    start = time.perf_counter()
    pairs = both(scores, labels, asked)
    seconds = time.perf_counter() - start
    for column in (0, 1):
        np.ascontiguousarray(pairs[:, column]).tofile(sys.argv[4 + column])
    print(json.dumps({"seconds": seconds, "version": version("venn-abers")}))


if __name__ == "__main__":
    main()
