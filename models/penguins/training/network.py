"""A softmax regression: one weight for each column's number and species."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from torch import nn

OPSET = 13


def train(features: np.ndarray, labels: np.ndarray, weights: np.ndarray, decay: float) -> nn.Linear:
    """Fits until nothing changes any more; without chance, so the same each time.

    :param weights: how much each row counts
    :param decay: pull of the weights to zero; the intercepts are free
    """
    x = torch.from_numpy(features).double()
    y, share = torch.from_numpy(labels), torch.from_numpy(weights)
    layer = nn.Linear(x.shape[1], int(labels.max()) + 1).double()
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    optimizer = torch.optim.LBFGS(
        layer.parameters(), max_iter=2000, tolerance_grad=1e-9, line_search_fn="strong_wolfe"
    )

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        fit = (F.cross_entropy(layer(x), y, reduction="none") * share).sum()
        total = fit + decay / 2 * layer.weight.square().sum()
        total.backward()
        return total

    optimizer.step(loss)
    return layer.float().eval()


@torch.no_grad()
def logits(layer: nn.Linear, features: np.ndarray) -> np.ndarray:
    """PyTorch's answer, FP32 [rows, species]."""
    return layer(torch.from_numpy(features)).numpy()


def export_onnx(layer: nn.Linear, path: Path) -> None:
    """Writes the layer with its batch axis left open; `features` in, `logits` out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        layer,
        (torch.zeros(2, layer.in_features),),
        str(path),
        opset_version=OPSET,
        input_names=["features"],
        output_names=["logits"],
        dynamic_axes={"features": {0: "batch"}, "logits": {0: "batch"}},
    )
    onnx.checker.check_model(onnx.load(str(path)))
