"""Makes every image new in every epoch, as another hand and another scanner might have made it."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

BLUR = torch.tensor([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]).reshape(1, 1, 3, 3) / 16


def augment(images: Tensor, generator: Generator, strength: float = 1.0) -> Tensor:
    """Turned, scaled, slanted, shifted and bent; thicker or thinner, fainter, blurred and noisy.

    :param images: FP32 [batch, 1, 8, 8], 0..1
    :param strength: factor on all geometric changes
    """
    return _pen(_warp(images, generator, strength), generator)


def _uniform(count: int, low: float, high: float, generator: Generator) -> Tensor:
    return torch.rand(count, generator=generator) * (high - low) + low


def _warp(images: Tensor, generator: Generator, strength: float) -> Tensor:
    count = len(images)

    def some(low: float, high: float) -> Tensor:
        return _uniform(count, low, high, generator) * strength

    turn, slant = some(-0.26, 0.26), some(-0.25, 0.25)
    width, height = torch.exp(some(-0.2, 0.25)), torch.exp(some(-0.12, 0.2))
    right, down = some(-0.25, 0.25), some(-0.16, 0.16)
    cos, sin = torch.cos(turn), torch.sin(turn)
    across = torch.stack([cos * width, (slant - sin) * width, right], dim=1)
    along = torch.stack([sin * height, cos * height, down], dim=1)
    grid = F.affine_grid(torch.stack([across, along], dim=1), list(images.shape), False)

    bends = torch.randn(count, 2, 3, 3, generator=generator) * (0.06 * strength)
    size = (images.shape[2], images.shape[3])
    bends = F.interpolate(bends, size=size, mode="bicubic", align_corners=True)
    grid = grid + bends.permute(0, 2, 3, 1)
    return F.grid_sample(images, grid, mode="bicubic", align_corners=False).clamp(0, 1)


def _pen(images: Tensor, generator: Generator) -> Tensor:
    count = len(images)

    def some(low: float, high: float) -> Tensor:
        return _uniform(count, low, high, generator).reshape(-1, 1, 1, 1)

    inked = images.clamp(min=1e-6) ** torch.exp(some(-0.4, 0.4)) * some(0.6, 1.15)
    share = some(0, 1) * (some(0, 1) < 0.3)
    inked = inked * (1 - share) + share * F.conv2d(inked, BLUR, padding=1)
    noise = torch.randn(inked.shape, generator=generator) * 0.03
    return (inked + noise).clamp(0, 1)
