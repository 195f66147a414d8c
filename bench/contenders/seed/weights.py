"""Reads weights in the safetensors format, which the bench writes for this stack."""

import json
from typing import Dict

import numpy as np
import torch


def load_weights(path: str) -> Dict[str, torch.Tensor]:
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    weights = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        array = np.frombuffer(data, np.float32, (end - start) // 4, start)
        weights[name] = torch.from_numpy(array).reshape(entry["shape"])
    return weights
