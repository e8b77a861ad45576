"""The network: MiniLM (Wang et al., 2020) with the shape of words added, a head for names and a head for roles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from extractors.labels import LABELS
from extractors.shape import FEATURE_SIZES
from kg.records import ROLES

HIDDEN, HEADS, LAYERS, VOCABULARY, POSITIONS = 384, 12, 6, 30_522, 512
SHAPE = 64  # width of the shape features that go to the heads directly
MASK_ID = 103


def attention(query: Tensor, key: Tensor, value: Tensor, bias: Tensor) -> Tensor:
    """Attention over `HEADS` heads; all are (batch, length, HIDDEN) but the bias, which is added to the weights."""
    batch, length, _ = query.shape
    width = HIDDEN // HEADS
    heads = [part.reshape(batch, length, HEADS, width).transpose(1, 2) for part in (query, key, value)]
    weights = (heads[0] * width**-0.5) @ heads[1].transpose(-1, -2) + bias.to(query.dtype)
    mixed = torch.softmax(weights, -1, dtype=query.dtype) @ heads[2]
    return mixed.transpose(1, 2).reshape(batch, length, HIDDEN)


class _Layer(nn.Module):
    """A transformer layer in the form of BERT: attention, then two dense layers, each normalised after the sum."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.out = nn.Linear(HIDDEN, HIDDEN)
        self.norm1 = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.up = nn.Linear(HIDDEN, 4 * HIDDEN)
        self.down = nn.Linear(4 * HIDDEN, HIDDEN)
        self.norm2 = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.dropout = nn.Dropout(dropout)
        self.attend: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor] = attention

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        query, key, value = self.qkv(x).chunk(3, -1)
        x = self.norm1(x + self.dropout(self.out(self.attend(query, key, value, bias))))
        return self.norm2(x + self.dropout(self.down(functional.gelu(self.up(x)))))


class Network(nn.Module):
    """Word pieces in, scores of labels (batch, length, 13) and of roles (batch, length, 6) out."""

    def __init__(
        self, weights: Path, *, dropout: float = 0.1, head_dropout: float = 0.2, shape_dropout: float = 0.1
    ) -> None:
        super().__init__()
        total = sum(FEATURE_SIZES)
        self.tokens = nn.Embedding(VOCABULARY, HIDDEN)
        self.positions = nn.Embedding(POSITIONS, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.shape_in = nn.Embedding(total, HIDDEN)
        self.shape_out = nn.Embedding(total, SHAPE)
        self.layers = nn.ModuleList(_Layer(dropout) for _ in range(LAYERS))
        self.dropout, self.head_dropout = nn.Dropout(dropout), nn.Dropout(head_dropout)
        self.dense = nn.Linear(HIDDEN + SHAPE, 256)
        self.label_head = nn.Linear(256, len(LABELS))
        self.role_dense = nn.Linear(HIDDEN + SHAPE, 256)
        self.role_head = nn.Linear(256, len(ROLES))
        offsets = [sum(FEATURE_SIZES[:index]) for index in range(len(FEATURE_SIZES))]
        self.register_buffer("offsets", torch.tensor(offsets))
        self.shape_dropout = shape_dropout
        nn.init.zeros_(self.shape_in.weight)
        nn.init.normal_(self.shape_out.weight, std=0.1)
        self._load(weights)

    def forward(self, ids: Tensor, mask: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        """Score ids (batch, length), mask (1 where there is a piece), features (batch, length, 8)."""
        offsets: Tensor = self.offsets  # type: ignore[assignment]
        shape = features + offsets
        if self.training and self.shape_dropout:
            dropped = torch.rand(features.shape) < self.shape_dropout
            shape = torch.where(dropped, offsets.expand_as(shape), shape)
        x = self.tokens(ids) + self.positions.weight[: ids.shape[1]] + self.shape_in(shape).sum(2)
        x = self.dropout(self.norm(x))
        bias = ((1 - mask) * -1e4)[:, None, None, :].to(x.dtype)
        for layer in self.layers:
            x = layer(x, bias)
        seen = self.head_dropout(torch.cat([x, self.shape_out(shape).sum(2).to(x.dtype)], -1))
        labels = self.label_head(self.head_dropout(functional.gelu(self.dense(seen))))
        roles = self.role_head(self.head_dropout(functional.gelu(self.role_dense(seen))))
        return labels, roles

    def _load(self, path: Path) -> None:
        """Fill the encoder with the pre-trained weights in `path` (a safetensors file in BERT's names)."""
        weights = load_file(path)

        def get(name: str) -> Tensor:
            return (weights[name] if name in weights else weights[f"bert.{name}"]).float()

        def copy(module: nn.Linear | nn.LayerNorm, name: str) -> None:
            module.weight.data, module.bias.data = get(f"{name}.weight"), get(f"{name}.bias")

        self.tokens.weight.data = get("embeddings.word_embeddings.weight")
        self.positions.weight.data = (
            get("embeddings.position_embeddings.weight") + get("embeddings.token_type_embeddings.weight")[0]
        )
        copy(self.norm, "embeddings.LayerNorm")
        for index, layer in enumerate(self.layers):
            assert isinstance(layer, _Layer)  # noqa: S101 - narrows the type only
            block = f"encoder.layer.{index}"
            parts = [f"{block}.attention.self.{name}" for name in ("query", "key", "value")]
            layer.qkv.weight.data = torch.cat([get(f"{part}.weight") for part in parts])
            layer.qkv.bias.data = torch.cat([get(f"{part}.bias") for part in parts])
            copy(layer.out, f"{block}.attention.output.dense")
            copy(layer.norm1, f"{block}.attention.output.LayerNorm")
            copy(layer.up, f"{block}.intermediate.dense")
            copy(layer.down, f"{block}.output.dense")
            copy(layer.norm2, f"{block}.output.LayerNorm")
