"""The served models in PyTorch, with the same weights as the files that the server loads."""

import base64
import io
from typing import Any, List, Optional, Tuple

import numpy as np
import onnx
import onnx.numpy_helper
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

from ngrams import HashedNgrams, normalise
from weights import load_weights

# What a model answers: the prediction and, where it has one, its confidence.
Answer = Tuple[Any, Optional[float]]


def best(logits: torch.Tensor, labels: List[str]) -> List[Answer]:
    confidences, classes = F.softmax(logits, dim=-1).max(dim=-1)
    return [(labels[c], p) for c, p in zip(classes.tolist(), confidences.tolist())]


def linear(weight: torch.Tensor, bias: Optional[torch.Tensor] = None) -> nn.Linear:
    """A layer from a weight of rows for inputs and columns for outputs."""
    layer = nn.Linear(*weight.shape, bias=bias is not None)
    layer.weight.data = weight.t().contiguous()
    if bias is not None:
        layer.bias.data = bias
    return layer


class WideAndDeep(nn.Module):
    """Class scores from a text's mean embedding: straight, and through a hidden layer if it has one."""

    def __init__(self, weights):
        super().__init__()
        self.wide = linear(weights["direct"], weights["bias"])
        self.deep = None
        if "hidden" in weights:
            hidden = linear(weights["hidden"], weights["hidden_bias"])
            self.deep = nn.Sequential(hidden, nn.ReLU(), linear(weights["output"]))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.wide(x) if self.deep is None else self.wide(x) + self.deep(x)


class TextClassifier:
    """banking77: the mean of n-gram embeddings and a small network."""

    def __init__(self, spec):
        weights = load_weights(spec["weights"])
        self.labels = spec["labels"]
        self.ngrams = HashedNgrams(**spec["ngrams"])
        self.bag = nn.EmbeddingBag.from_pretrained(weights["table"], mode="mean")
        self.scores = WideAndDeep(weights).eval()

    def prepare(self, request) -> str:
        return normalise(request)

    @torch.inference_mode()
    def predict(self, texts: List[str]) -> List[Answer]:
        bags = [self.ngrams.encode(text) for text in texts]
        offsets = np.cumsum([0] + [len(bag) for bag in bags[:-1]])
        vectors = self.bag(torch.from_numpy(np.concatenate(bags)), torch.from_numpy(offsets))
        return best(self.scores(vectors), self.labels)


def layer_of(node, weights) -> nn.Module:
    """The PyTorch layer of an ONNX node of a plain convolutional network."""
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    own = [weights[name] for name in node.input[1:]]
    if node.op_type == "Conv":
        weight, bias = own
        outputs, inputs, *kernel = weight.shape
        layer = nn.Conv2d(inputs, outputs, kernel, padding=attributes["pads"][:2])
        layer.weight.data, layer.bias.data = weight, bias
        return layer
    if node.op_type == "Gemm":
        return linear(own[0].t() if attributes.get("transB") else own[0], own[1])
    plain = {"Relu": nn.ReLU, "Flatten": nn.Flatten}
    if node.op_type == "MaxPool":
        return nn.MaxPool2d(attributes["kernel_shape"], attributes["strides"])
    return plain[node.op_type]()


class ImageClassifier:
    """digits: the layers and weights of its ONNX file."""

    def __init__(self, spec):
        graph = onnx.load(spec["onnx"]).graph
        weights = {
            each.name: torch.from_numpy(onnx.numpy_helper.to_array(each).copy())
            for each in graph.initializer
        }
        module = nn.Sequential(*(layer_of(node, weights) for node in graph.node)).eval()
        self.height, self.width = (
            dim.dim_value for dim in graph.input[0].type.tensor_type.shape.dim[2:]
        )
        with torch.inference_mode():
            example = torch.zeros(1, 1, self.height, self.width)
            self.module = torch.jit.freeze(torch.jit.trace(module, example))
        self.labels = spec["labels"]

    def prepare(self, request) -> bytes:
        image = Image.open(io.BytesIO(base64.b64decode(request["image"]))).convert("L")
        return image.resize((self.width, self.height), Image.BILINEAR).tobytes()

    @torch.inference_mode()
    def predict(self, rows: List[bytes]) -> List[Answer]:
        pixels = np.stack([np.frombuffer(row, np.uint8) for row in rows]).astype(np.float32) / 255
        images = torch.from_numpy(pixels).view(-1, 1, self.height, self.width)
        return best(self.module(images), self.labels)


class SelfAttention(nn.Module):
    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.project = nn.Linear(width, 3 * width)
        self.output = nn.Linear(width, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        batch, length, width = x.shape
        parts = self.project(x).view(batch, length, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        shares = (query @ key.transpose(-1, -2) * (width // self.heads) ** -0.5).softmax(dim=-1)
        return self.output((shares @ value).transpose(1, 2).reshape(batch, length, width))


class Layer(nn.Module):
    def __init__(self, width: int, heads: int, inner: int):
        super().__init__()
        self.attention = SelfAttention(width, heads)
        self.attention_norm = nn.LayerNorm(width)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.feed_norm = nn.LayerNorm(width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.attention_norm(x + self.attention(x))
        return self.feed_norm(x + self.down(F.gelu(self.up(x))))


class Encoder(nn.Module):
    def __init__(self, spec, weights):
        super().__init__()
        width, heads, inner = spec["width"], spec["heads"], spec["inner"]
        self.words = nn.Embedding.from_pretrained(weights["words"])
        self.positions = nn.Parameter(weights["positions"])
        self.norm = self._norm(weights, "embedding", nn.LayerNorm(width))
        self.layers = nn.Sequential(*(Layer(width, heads, inner) for _ in range(spec["layers"])))
        for i, layer in enumerate(self.layers):
            names = [f"{i}.{name}" for name in ("query", "key", "value")]
            project = layer.attention.project
            project.weight.data = torch.cat([weights[f"{n}.weight"].t() for n in names]).contiguous()
            project.bias.data = torch.cat([weights[f"{n}.bias"] for n in names])
            for linear, name in (
                (layer.attention.output, "output"),
                (layer.up, "up"),
                (layer.down, "down"),
            ):
                linear.weight.data = weights[f"{i}.{name}.weight"].t().contiguous()
                linear.bias.data = weights[f"{i}.{name}.bias"]
            self._norm(weights, f"{i}.attention", layer.attention_norm)
            self._norm(weights, f"{i}.feed", layer.feed_norm)

    @staticmethod
    def _norm(weights, name: str, norm: nn.LayerNorm) -> nn.LayerNorm:
        norm.weight.data = weights[f"{name}.scale"]
        norm.bias.data = weights[f"{name}.shift"]
        return norm

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.layers(self.norm(self.words(ids) + self.positions)).mean(dim=1)


class TextEncoder:
    """encoder: token numbers in, a vector out."""

    def __init__(self, spec):
        module = Encoder(spec, load_weights(spec["weights"])).eval()
        example = torch.zeros(1, spec["tokens"], dtype=torch.int64)
        with torch.inference_mode():
            self.module = torch.jit.freeze(torch.jit.trace(module, example))

    def prepare(self, request) -> bytes:
        return np.array(request["tensors"][0]["data"], np.int64).tobytes()

    @torch.inference_mode()
    def predict(self, rows: List[bytes]) -> List[Answer]:
        ids = np.stack([np.frombuffer(row, np.int64) for row in rows])
        return [(vector, None) for vector in self.module(torch.from_numpy(ids)).tolist()]


MODELS = {"banking77": TextClassifier, "digits": ImageClassifier, "encoder": TextEncoder}
