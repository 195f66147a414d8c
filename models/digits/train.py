"""Trains the model from the digits' training rows.

    python3 models/digits/train.py PATH_TO_digits.csv [--seed 1] [--out FOLDER] [--expected FILE]

First it measures: on writers that the network never saw, then on random rows. Then it trains with
the same recipe on all rows and writes what the server loads. `--cross-validate` measures the recipe
on the development writers only, to tune it; `--dry-run` writes nothing. The same seed gives the
same weights with the same PyTorch on the same kind of processor. Needs PyTorch (1.13 or newer),
onnx and Pillow.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

# One thread, or sums come out in another order and so do the weights. Read when PyTorch is loaded.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

import torch
from torch import Tensor

from training.data import (
    Digits,
    read_digits,
    split_at_random,
    split_by_writer,
    through_a_file,
)
from training.export import export_onnx, write_examples
from training.held_out import write_held_out
from training.network import DigitNet, Recipe, train_student

HERE = Path(__file__).resolve().parent
FOLDS = 3
SPLIT_SEED = 1
"""The random split is the same whatever the seed of the training, so that figures compare."""


def main() -> None:
    """Reads the command line and does what it asks for."""
    parser = argparse.ArgumentParser(description="Trains the digits model.")
    parser.add_argument("path", type=Path, help="digits.csv: 64 pixels of 0..16 and the digit")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=HERE / "1")
    parser.add_argument("--expected", type=Path, help="JSON of inputs and PyTorch's outputs")
    parser.add_argument("--held-out", type=Path, help="rows that were held out, for the profile")
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--dry-run", action="store_true")
    options = parser.parse_args()

    data, recipe = read_digits(options.path), Recipe()
    progress(f"{len(data)} rows, {int(data.writers.max()) + 1} writers; {recipe}")
    if options.cross_validate:
        cross_validate(data, recipe, options.seed)
        return
    held = measure(data, recipe, options.seed)
    if options.held_out:
        write_held_out(options.held_out, data, held)
    if options.dry_run:
        return

    progress(f"making the model from all {len(data)} rows")
    network = train_student(data, recipe, options.seed, progress)
    path = options.out / "model.onnx"
    export_onnx(network, path)
    progress(f"wrote {path}, {path.stat().st_size / 1000:.0f} kB")
    write_examples(split_by_writer(data)[1], HERE / "examples")
    if options.expected:
        write_expected(network, data, options.expected)


def measure(data: Digits, recipe: Recipe, seed: int) -> list[tuple[Digits, DigitNet]]:
    """Trains on parts of the rows and prints how well the rest is told.

    Answers each rest with the network that has not seen it.
    """
    unseen = []
    splits = {
        "unseen writers": split_by_writer(data),
        "random rows": split_at_random(data, SPLIT_SEED),
    }
    for name, (known, held) in splits.items():
        progress(f"measuring on {name}: {len(known)} rows to train, {len(held)} held out")
        network = train_student(known, recipe, seed, progress)
        report(network, held)
        unseen.append((held, network))
    return unseen


def cross_validate(data: Digits, recipe: Recipe, seed: int) -> None:
    """Measures on each third of the development writers, trained on the other two."""
    data, _ = split_by_writer(data)
    right = 0
    for fold in range(FOLDS):
        held = data.writers % FOLDS == fold
        progress(f"fold {fold + 1} of {FOLDS}: {int((~held).sum())} rows to train")
        network = train_student(data.where(~held), recipe, seed, progress)
        right += report(network, data.where(held))
    progress(f"cross-validated: {right} of {len(data)} right, {right / len(data):.2%}")


def report(network: DigitNet, held: Digits) -> int:
    """Prints accuracy and confusions; answers how many rows were told rightly."""
    told = classify(network, held.images)
    right = int((told == held.labels).sum())
    blurred = classify(network, through_a_file(held.images))
    faint = classify(network, held.images * 0.6)
    progress(f"right: {right} of {len(held)}, {right / len(held):.2%}")
    for name, answers in (("from 128×128 files", blurred), ("at 60 % ink", faint)):
        progress(f"  {name}: {(answers == held.labels).float().mean():.2%}")
    confusion = torch.zeros(10, 10, dtype=torch.int64)
    for wanted, given in zip(held.labels, told):
        confusion[wanted, given] += 1
    print("confusion (row: written, column: told)")
    print("    " + " ".join(f"{digit:3}" for digit in range(10)))
    for digit, row in enumerate(confusion.tolist()):
        print(f"  {digit} " + " ".join(f"{count or '.':>3}" for count in row), flush=True)
    return right


@torch.no_grad()
def classify(network: DigitNet, images: Tensor) -> Tensor:
    """The digit of each image."""
    return network(images).argmax(dim=1)


@torch.no_grad()
def write_expected(network: DigitNet, data: Digits, path: Path) -> None:
    """Writes inputs and what PyTorch answers, for a test that holds the served model against it."""
    generator = torch.Generator().manual_seed(0)
    cases = []
    for name, images in (
        ("rows of the training data", data.images[::50]),
        ("noise", torch.rand(4, 1, 8, 8, generator=generator)),
        ("a blank image, alone", torch.zeros(1, 1, 8, 8)),
    ):
        inputs, outputs = {"image": tensor_json(images)}, {"logits": tensor_json(network(images))}
        cases.append({"name": name, "inputs": inputs, "outputs": outputs})
    document = {
        "model": "digits",
        "version": "1",
        "source": f"PyTorch {torch.__version__}, the trained module's forward in eval mode",
        "tolerance": 1e-5,
        "cases": cases,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document) + "\n", encoding="utf-8")
    progress(f"wrote {path}")


def tensor_json(tensor: Tensor) -> dict[str, object]:
    """A tensor as the Open Inference Protocol writes it."""
    values = [float(f"{value:.9g}") for value in tensor.flatten().tolist()]
    return {"datatype": "FP32", "shape": list(tensor.shape), "data": values}


STARTED = time.monotonic()


def progress(line: str) -> None:
    """Prints a line with the seconds since the start."""
    print(f"{time.monotonic() - STARTED:6.0f} s  {line}", flush=True)


if __name__ == "__main__":
    main()
