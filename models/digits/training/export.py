"""Writes what the server loads and shows."""

from __future__ import annotations

from pathlib import Path

import onnx
import torch
from PIL import Image

from .data import Digits
from .network import DigitNet

OPSET = 13
EXAMPLES = {0: "zero", 3: "three", 5: "five", 8: "eight"}
EXAMPLE_FACTOR = 16
"""Every pixel of the data becomes a block of the example, 128×128 in all."""


def export_onnx(network: DigitNet, path: Path) -> None:
    """Writes the network with its batch axis left open; `image` in, `logits` out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    network.eval()
    torch.onnx.export(
        network,
        (torch.zeros(2, 1, 8, 8),),
        str(path),
        opset_version=OPSET,
        input_names=["image"],
        output_names=["logits"],
        dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}},
    )
    onnx.checker.check_model(onnx.load(str(path)))


def write_examples(held: Digits, folder: Path) -> None:
    """Writes a held-out image of some digits as a grey PNG, white ink on black."""
    folder.mkdir(parents=True, exist_ok=True)
    for digit, name in EXAMPLES.items():
        row = int(torch.where(held.labels == digit)[0][1])
        pixels = (held.images[row, 0] * 255).round().to(torch.uint8).numpy()
        image = Image.fromarray(pixels, mode="L")
        size = (image.width * EXAMPLE_FACTOR, image.height * EXAMPLE_FACTOR)
        image.resize(size, Image.NEAREST).save(folder / f"{name}.png", optimize=True)
