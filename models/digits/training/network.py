"""The network, and how one or a student of several is trained."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .augment import augment
from .data import Digits


@dataclass(frozen=True)
class Recipe:
    """Everything that decides about the weights besides rows and seed."""

    narrow: int = 24
    wide: int = 48
    dropout: float = 0.3
    epochs: int = 120
    batch: int = 128
    rate: float = 4e-3
    decay: float = 0.02
    smoothing: float = 0.05
    strength: float = 1.0
    averaging: float = 0.99
    teachers: int = 3


class DigitNet(nn.Sequential):
    """Four 3×3 convolutions, halved once, and one dense layer: [batch, 1, 8, 8] → [batch, 10]."""

    def __init__(self, recipe: Recipe) -> None:
        narrow, wide = recipe.narrow, recipe.wide
        super().__init__(
            *_convolution(1, narrow),
            *_convolution(narrow, narrow),
            nn.MaxPool2d(2),
            *_convolution(narrow, wide),
            *_convolution(wide, wide),
            nn.Flatten(),
            nn.Dropout(recipe.dropout),
            nn.Linear(wide * 16, 10),
        )


def _convolution(inputs: int, outputs: int) -> list[nn.Module]:
    convolution = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
    return [convolution, nn.BatchNorm2d(outputs), nn.ReLU()]


Progress = Callable[[str], None]


def train(
    data: Digits,
    recipe: Recipe,
    seed: int,
    progress: Progress,
    teachers: Sequence[DigitNet] = (),
) -> DigitNet:
    """Trains on augmented rows; the answer is the running average of the weights, ready to use.

    :param teachers: networks whose mean answer is learnt in place of the labels
    """
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    network = DigitNet(recipe)
    average = copy.deepcopy(network).eval()
    optimizer = torch.optim.AdamW(network.parameters(), recipe.rate, weight_decay=recipe.decay)
    steps = recipe.epochs * math.ceil(len(data) / recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.rate, total_steps=steps, pct_start=0.2
    )
    step = 0
    for epoch in range(recipe.epochs):
        network.train()
        total = 0.0
        for rows in torch.randperm(len(data), generator=generator).split(recipe.batch):
            images = augment(data.images[rows], generator, recipe.strength)
            logits = network(images)
            if teachers:
                loss = _distance(logits, mean_probabilities(teachers, images))
            else:
                loss = F.cross_entropy(
                    logits, data.labels[rows], label_smoothing=recipe.smoothing
                )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            step += 1
            _follow(average, network, min(recipe.averaging, (1 + step) / (10 + step)))
            total += loss.item() * len(rows)
        if (epoch + 1) % 20 == 0 or epoch + 1 == recipe.epochs:
            progress(f"epoch {epoch + 1:3}/{recipe.epochs}  loss {total / len(data):.4f}")
    return average


def train_student(data: Digits, recipe: Recipe, seed: int, progress: Progress) -> DigitNet:
    """Trains the recipe's number of teachers, then one network that answers as all of them do."""
    teachers = []
    for index in range(recipe.teachers):
        progress(f"teacher {index + 1} of {recipe.teachers}")
        teachers.append(train(data, recipe, seed * 100 + index, progress))
    progress("student")
    return train(data, recipe, seed * 100 + 99, progress, teachers)


@torch.no_grad()
def mean_probabilities(networks: Sequence[DigitNet], images: Tensor) -> Tensor:
    """Mean of the networks' probabilities, [batch, 10]."""
    return torch.stack([F.softmax(network(images), dim=1) for network in networks]).mean(dim=0)


def _distance(logits: Tensor, wanted: Tensor) -> Tensor:
    return -(wanted * F.log_softmax(logits, dim=1)).sum(dim=1).mean()


@torch.no_grad()
def _follow(average: DigitNet, network: DigitNet, keep: float) -> None:
    for mine, theirs in zip(average.state_dict().values(), network.state_dict().values()):
        if mine.dtype.is_floating_point:
            mine.mul_(keep).add_(theirs, alpha=1 - keep)
        else:
            mine.copy_(theirs)
