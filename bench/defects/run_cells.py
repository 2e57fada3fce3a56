"""Runs the cells of one peer's examples, each in a namespace of its own.

  run_cells.py FILE PACKAGE [PACKAGE...]

A cell starts at `# %% ID` and leaves its result in `answer`. Prints one JSON document: the versions of the packages, and
for each cell its answer, or the error that it ended with. Infinity and NaN are written as strings.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import platform
import re
import sys
import types
import warnings
from importlib.metadata import PackageNotFoundError, version


def plain(value: object) -> object:
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    return value


def run(source: str, name: str) -> dict[str, object]:
    scope: dict[str, object] = {}
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            exec(compile(source, name, "exec"), scope)
        return {"answer": plain(scope["answer"])}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"}


def installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def main() -> None:
    path, *packages = sys.argv[1:]
    # TorchCP imports torchsort for a training loss; where that cannot be built an empty stand-in lets the rest work.
    if importlib.util.find_spec("torchsort") is None:
        sys.modules["torchsort"] = types.SimpleNamespace(soft_rank=None, soft_sort=None)
    with open(path) as file:
        parts = re.split(r"^# %% (\S+)\n", file.read(), flags=re.MULTILINE)
    cells = dict(zip(parts[1::2], parts[2::2]))
    print(
        json.dumps(
            {
                "python": platform.python_version(),
                "versions": {package: installed(package) for package in packages},
                "cells": {name: run(source, name) for name, source in cells.items()},
            }
        )
    )


if __name__ == "__main__":
    main()
