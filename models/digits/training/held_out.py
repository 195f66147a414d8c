"""Writes rows as a client sends them, with what was answered to those that were held out."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from .data import Digits
from .network import DigitNet

FACTORS = (1, 16)
"""Sizes of the pictures, in turn: a client may send the pixels as they are, or a larger picture."""


def write_held_out(path: Path, data: Digits, held: Sequence[tuple[Digits, DigitNet]]) -> None:
    """Writes JSON lines: every row as a picture; those that were held out with digit and logits.

    That is what `ml-inference-api profile` takes, and what a temperature is fitted to.
    """
    with path.open("w", encoding="utf-8") as file:
        for line in _lines(data, held):
            file.write(json.dumps(line) + "\n")


def _lines(data: Digits, held: Sequence[tuple[Digits, DigitNet]]) -> Iterator[dict[str, object]]:
    for i, image in enumerate(data.images):
        factor = FACTORS[i % 2]
        yield {"input": {"image": _data_url(image, factor)}, "group": f"{image.shape[-1] * factor} pixels"}
    for rows, network in held:
        for image, label, logits in zip(rows.images, rows.labels, _logits(network, rows.images)):
            yield {
                "input": {"image": _data_url(image, 1)},
                "group": f"{image.shape[-1]} pixels",
                "actual": str(int(label)),
                "outputs": {"logits": [round(float(value), 4) for value in logits]},
            }


@torch.no_grad()
def _logits(network: DigitNet, images: Tensor) -> Tensor:
    return network(images)


def _data_url(pixels: Tensor, factor: int) -> str:
    array = (pixels[0] * 255).round().to(torch.uint8).numpy()
    image = Image.fromarray(array, mode="L")
    image = image.resize((image.width * factor, image.height * factor), Image.NEAREST)
    file = io.BytesIO()
    image.save(file, "png", optimize=True)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
