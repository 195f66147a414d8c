"""Trains the model from the penguins' training rows.

    python3 models/penguins/train.py PATH_TO_penguins.csv [--out FOLDER] [--expected FILE]

Columns, their values and the labels come from model.yaml; mean and std are written into it, so that
training and serving encode alike. First it measures: by cross-validation on the development rows
and on rows held out of everything. Then it trains with the same recipe on all rows.
`--dry-run` writes nothing. Needs PyTorch (1.13 or newer), onnx and PyYAML.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from training.columns import Manifest, Row, read_manifest, write_scaling
from training.network import export_onnx, logits, train

HERE = Path(__file__).resolve().parent
LABEL = "species"
HELD_OUT = 0.2
SPLIT_SEED = 1
FOLDS = 10
REPEATS = 5
DECAY = 0.5
BLANK_SHARE = 0.1
"""What a copy of a row with one column blanked counts, so that missing values do little harm."""


def main() -> None:
    """Reads the command line and does what it asks for."""
    parser = argparse.ArgumentParser(description="Trains the penguins model.")
    parser.add_argument("path", type=Path, help="penguins.csv, with NA for what is not known")
    parser.add_argument("--out", type=Path, default=HERE / "1")
    parser.add_argument("--expected", type=Path, help="JSON of inputs and PyTorch's outputs")
    parser.add_argument("--held-out", type=Path, help="rows that were held out, for the profile")
    parser.add_argument("--dry-run", action="store_true")
    options = parser.parse_args()

    torch.set_num_threads(1)
    manifest = read_manifest(HERE / "model.yaml")
    rows = read_rows(options.path)
    print(f"{len(rows)} rows, columns: {', '.join(column.name for column in manifest.columns)}")
    development, held = split(rows)
    print(f"{len(development)} rows for development, {len(held)} held out")
    cross_validate(manifest, development)
    report(*fit(manifest, development), held)
    if options.held_out:
        write_held_out(manifest, rows, options.held_out)
    if options.dry_run:
        return

    print(f"making the model from all {len(rows)} rows")
    final, layer = fit(manifest, rows)
    write_scaling(HERE / "model.yaml", final)
    export_onnx(layer, options.out / "model.onnx")
    print(f"wrote {options.out / 'model.onnx'}, and mean and std into model.yaml")
    if options.expected:
        write_expected(final, layer, rows, options.expected)


def read_rows(path: Path) -> list[Row]:
    """Reads a file with a header; NA becomes `None`."""
    with path.open(newline="", encoding="utf-8") as file:
        return [
            {name: None if value == "NA" else value for name, value in row.items()}
            for row in csv.DictReader(file)
        ]


def shuffled(rows: Sequence[Row], seed: int) -> dict[str, list[Row]]:
    """Rows of each species, in random order."""
    random = np.random.default_rng(seed)
    species = sorted({str(row[LABEL]) for row in rows})
    groups = {name: [row for row in rows if row[LABEL] == name] for name in species}
    return {name: [some[i] for i in random.permutation(len(some))] for name, some in groups.items()}


def split(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Development and held-out rows, with the same share of each species."""
    development: list[Row] = []
    held: list[Row] = []
    for some in shuffled(rows, SPLIT_SEED).values():
        count = round(HELD_OUT * len(some))
        held += some[:count]
        development += some[count:]
    return development, held


def fit(manifest: Manifest, rows: Sequence[Row]) -> tuple[Manifest, nn.Linear]:
    """Scales the columns to the rows and trains on them."""
    scaled = manifest.scaled_to(rows)
    everything, weights = list(rows), [1.0] * len(rows)
    for column in scaled.columns:
        if column.missing == "error":
            continue
        everything += [{**row, column.name: None} for row in rows]
        weights += [BLANK_SHARE] * len(rows)
    layer = train(
        scaled.encode(everything), classes(scaled, everything), np.array(weights), DECAY
    )
    return scaled, layer


def classes(manifest: Manifest, rows: Sequence[Row]) -> np.ndarray:
    """Number of each row's species."""
    return np.array([manifest.labels.index(str(row[LABEL])) for row in rows], dtype=np.int64)


def told(manifest: Manifest, layer: nn.Linear, rows: Sequence[Row]) -> np.ndarray:
    """Number of the species that the model takes each row for."""
    return logits(layer, manifest.encode(rows)).argmax(axis=1)


def cross_validate(manifest: Manifest, rows: Sequence[Row]) -> None:
    """Measures on each part of the rows, trained on the other parts; several times over."""
    right = total = 0
    for seed in range(REPEATS):
        order = [row for some in shuffled(rows, seed).values() for row in some]
        for fold in range(FOLDS):
            known = [row for i, row in enumerate(order) if i % FOLDS != fold]
            unknown = order[fold::FOLDS]
            scaled, layer = fit(manifest, known)
            right += int((told(scaled, layer, unknown) == classes(scaled, unknown)).sum())
            total += len(unknown)
        print(f"cross-validated {seed + 1} of {REPEATS}: {right / total:.2%} right", flush=True)


def report(manifest: Manifest, layer: nn.Linear, held: Sequence[Row]) -> None:
    """Prints accuracy, the effect of each missing column and the confusions."""
    wanted, given = classes(manifest, held), told(manifest, layer, held)
    print(f"held out: {(wanted == given).sum()} of {len(held)}, {(wanted == given).mean():.2%}")
    for column in manifest.columns:
        if column.missing != "error":
            blanked = [{**row, column.name: None} for row in held]
            share = (told(manifest, layer, blanked) == wanted).mean()
            print(f"  without {column.name}: {share:.2%}")
    print(f"confusion (row: is, column: told): {', '.join(manifest.labels)}")
    for number, name in enumerate(manifest.labels):
        counts = np.bincount(given[wanted == number], minlength=len(manifest.labels))
        print(f"  {name:10} " + " ".join(f"{count:3}" for count in counts))


def write_held_out(manifest: Manifest, rows: Sequence[Row], path: Path) -> None:
    """Writes every row with species and logits of a model that has not seen it, as JSON lines.

    That is what `ml-inference-api profile` takes, and what a temperature is fitted to.
    """
    order = [row for some in shuffled(rows, SPLIT_SEED).values() for row in some]
    with path.open("w", encoding="utf-8") as file:
        for fold in range(FOLDS):
            known = [row for i, row in enumerate(order) if i % FOLDS != fold]
            unknown = order[fold::FOLDS]
            scaled, layer = fit(manifest, known)
            for row, answer in zip(unknown, logits(layer, scaled.encode(unknown))):
                line = {
                    "input": {"features": record(manifest, row)},
                    "actual": row[LABEL],
                    "outputs": {"logits": [round(float(value), 4) for value in answer]},
                }
                file.write(json.dumps(line) + "\n")
    print(f"wrote {path}")


def write_expected(manifest: Manifest, layer: nn.Linear, rows: Sequence[Row], path: Path) -> None:
    """Writes rows, what they are encoded to and what PyTorch answers, for a test of the server."""
    blank = [row for row in rows if any(value is None for value in row.values())]
    chosen = [*rows[::25], *blank]
    features = manifest.encode(chosen)
    answer = logits(layer, features)
    probabilities = torch.softmax(torch.from_numpy(answer).double(), dim=1)
    one = {
        "name": "rows of the training data, those with missing values last",
        "rows": [record(manifest, row) for row in chosen],
        "inputs": {"features": tensor_json(features)},
        "outputs": {"logits": tensor_json(answer)},
        "probabilities": probabilities.tolist(),
        "labels": [manifest.labels[index] for index in answer.argmax(axis=1)],
    }
    document = {
        "model": "penguins",
        "version": "1",
        "source": f"PyTorch {torch.__version__}, the trained module's forward",
        "tolerance": 1e-5,
        "cases": [one],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document) + "\n", encoding="utf-8")
    print(f"wrote {path}")


def record(manifest: Manifest, row: Row) -> dict[str, str | float | None]:
    """A row as a client sends it."""
    answer: dict[str, str | float | None] = {}
    for column in manifest.columns:
        value = row[column.name]
        numeric = column.type == "numeric" and value is not None
        answer[column.name] = float(str(value)) if numeric else value
    return answer


def tensor_json(array: np.ndarray) -> dict[str, object]:
    """A tensor as the Open Inference Protocol writes it."""
    values = [float(f"{value:.9g}") for value in array.flatten().tolist()]
    return {"datatype": "FP32", "shape": list(array.shape), "data": values}


if __name__ == "__main__":
    main()
