"""Reads the digits and parts them by writer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

SIZE = 8
INK = 16.0
"""Value of a fully inked pixel of the file; the network sees 0..1."""

REPORT_WRITERS = 3
"""The last writers of the file are held out for the report; they never take part in tuning."""


@dataclass(frozen=True)
class Digits:
    """Rows of the file, in its order."""

    images: Tensor
    """FP32 [rows, 1, 8, 8], 0..1."""
    labels: Tensor
    """INT64 [rows]."""
    writers: Tensor
    """INT64 [rows], 0, 1, 2 …: who wrote the digit, as far as the order of the rows tells."""

    def __len__(self) -> int:
        return len(self.labels)

    def where(self, mask: Tensor) -> Digits:
        """The rows for which `mask` holds."""
        return Digits(self.images[mask], self.labels[mask], self.writers[mask])


def read_digits(path: Path) -> Digits:
    """Reads a file of 64 pixels of 0..16 and the digit in each line, without a header."""
    table = np.loadtxt(path, delimiter=",", dtype=np.float32)
    if table.ndim != 2 or table.shape[1] != SIZE * SIZE + 1:
        raise SystemExit(f"{path}: expected {SIZE * SIZE + 1} columns")
    pixels = torch.from_numpy(table[:, :-1] / INK).reshape(-1, 1, SIZE, SIZE)
    labels = torch.from_numpy(table[:, -1].astype(np.int64))
    return Digits(pixels.contiguous(), labels, infer_writers(labels))


def infer_writers(labels: Tensor) -> Tensor:
    """Tells the writers apart by the order of the digits.

    Each person copied the same sheet, which begins with 0 to 9 three times; so a new writer begins
    wherever that run does. The first 0 may be missing.
    """
    digits = "".join(str(int(label)) for label in labels)
    sheet = "0123456789" * 3
    writers = torch.zeros(len(labels), dtype=torch.int64)
    writer, previous = -1, -2
    for row in range(len(digits)):
        starts = digits.startswith(sheet, row) or digits.startswith(sheet[1:], row)
        if starts and previous != row - 1:
            writer += 1
        if starts:
            previous = row
        writers[row] = max(writer, 0)
    return writers


def split_by_writer(data: Digits) -> tuple[Digits, Digits]:
    """Development rows (for training and tuning) and report rows, with no writer in both."""
    first = int(data.writers.max()) + 1 - REPORT_WRITERS
    return data.where(data.writers < first), data.where(data.writers >= first)


def split_at_random(data: Digits, seed: int, share: float = 0.2) -> tuple[Digits, Digits]:
    """Training and held-out rows with the same share of every digit, whoever wrote them."""
    generator = torch.Generator().manual_seed(seed)
    held = torch.zeros(len(data), dtype=torch.bool)
    for digit in range(10):
        rows = torch.where(data.labels == digit)[0]
        order = torch.randperm(len(rows), generator=generator)
        held[rows[order[: round(share * len(rows))]]] = True
    return data.where(~held), data.where(held)


def through_a_file(images: Tensor, factor: int = 16) -> Tensor:
    """What the server sees of the images when they come as files that are `factor` times larger.

    Blocks of pixels, shrunk again with an anti-aliased bilinear filter, come back a little blurred.
    """
    large = torch.nn.functional.interpolate(images, scale_factor=float(factor), mode="nearest")
    small = torch.nn.functional.interpolate(
        large, size=(SIZE, SIZE), mode="bilinear", antialias=True, align_corners=False
    )
    return (small * 255).round() / 255
