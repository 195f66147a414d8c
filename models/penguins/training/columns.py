"""The columns of model.yaml: the one description from which training and serving both encode."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import yaml

Row = Mapping[str, "str | None"]
"""A penguin by column; `None` where nothing is known."""


@dataclass(frozen=True)
class Column:
    """A column as model.yaml describes it."""

    name: str
    type: str
    values: tuple[str, ...] = ()
    mean: float = 0.0
    std: float = 1.0
    missing: str | float = "error"
    unknown: str = "error"

    @property
    def width(self) -> int:
        """How many numbers of the model's input it fills."""
        return len(self.values) if self.type == "categorical" else 1

    def encode(self, value: str | None) -> list[float]:
        """The numbers that stand for a value, as the server makes them."""
        if self.type == "categorical":
            return self._one_hot(value)
        if value is None:
            if self.missing == "error":
                raise ValueError(f"{self.name} is missing")
            number = self.mean if self.missing == "mean" else float(self.missing)
        else:
            number = float(value)
        return [(number - self.mean) / self.std]

    def _one_hot(self, value: str | None) -> list[float]:
        rule = self.missing if value is None else self.unknown
        if value not in self.values and rule == "error":
            raise ValueError(f"{self.name}: {value!r} is none of {', '.join(self.values)}")
        return [float(value == known) for known in self.values]


@dataclass(frozen=True)
class Manifest:
    """What training needs of model.yaml."""

    columns: tuple[Column, ...]
    labels: tuple[str, ...]

    def encode(self, rows: Sequence[Row]) -> np.ndarray:
        """FP32 [rows, width]: the columns side by side, in their order."""
        encoded = [
            [number for column in self.columns for number in column.encode(row[column.name])]
            for row in rows
        ]
        return np.array(encoded, dtype=np.float32)

    def scaled_to(self, rows: Sequence[Row]) -> Manifest:
        """The same with mean and deviation of these rows, rounded as they are written."""
        return replace(self, columns=tuple(_scaled(column, rows) for column in self.columns))


def read_manifest(path: Path) -> Manifest:
    """Reads columns and labels."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    columns = []
    for entry in content["input"]["columns"]:
        if entry["type"] not in ("numeric", "categorical"):
            raise SystemExit(f"{path}: no rule for columns of type {entry['type']}")
        columns.append(Column(**{**entry, "values": tuple(entry.get("values", ()))}))
    return Manifest(tuple(columns), tuple(content["output"]["labels"]))


def write_scaling(path: Path, manifest: Manifest) -> None:
    """Writes mean and std into model.yaml and leaves all else as it is."""
    text = path.read_text(encoding="utf-8")
    for column in manifest.columns:
        if column.type != "numeric":
            continue
        pattern = rf"(name: {re.escape(column.name)},.*?)mean: [^,}}]+, std: [^,}}]+?(?=[,\s}}])"
        scaling = f"mean: {column.mean:g}, std: {column.std:g}"
        text, count = re.subn(pattern, lambda found: found[1] + scaling, text)
        if count != 1:
            raise SystemExit(f"{path}: {column.name} has no mean and std to be set")
    path.write_text(text, encoding="utf-8")
    if read_manifest(path) != manifest:
        raise SystemExit(f"{path}: was not written as meant")


def _scaled(column: Column, rows: Sequence[Row]) -> Column:
    if column.type != "numeric":
        return column
    known = [float(value) for row in rows if (value := row[column.name]) is not None]
    return replace(column, mean=_rounded(np.mean(known)), std=_rounded(np.std(known)))


def _rounded(number: float) -> float:
    """Four significant digits."""
    return round(float(number), 3 - math.floor(math.log10(abs(number))))
