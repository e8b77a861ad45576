"""The network: MiniLM (Wang et al., 2020) with the shape of words added, a head for names and a head for roles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from extractors.labels import LABELS
from extractors.shape import FEATURE_SIZES
from kg.records import ROLES

HIDDEN, WIDTH, LAYERS, VOCABULARY, POSITIONS = 384, 32, 6, 30_522, 512  # WIDTH: of one head
SHAPE = 64  # width of the shape features that go to the heads directly
MASK_ID = 103


class Size(NamedTuple):
    """Of a layer: how many attention heads, and how many units between its two dense layers."""

    heads: int
    inner: int


FULL = (Size(12, 1536),) * LAYERS


def attention(query: Tensor, key: Tensor, value: Tensor, bias: Tensor) -> Tensor:
    """Attention over heads of `WIDTH`; all are (batch, length, heads * WIDTH) but the bias, added to the weights."""
    batch, length, total = query.shape
    heads = [part.reshape(batch, length, -1, WIDTH).transpose(1, 2) for part in (query, key, value)]
    mixed = functional.scaled_dot_product_attention(*heads, attn_mask=bias.expand(batch, 1, length, length))
    return mixed.transpose(1, 2).reshape(batch, length, total)


def counts(features: Tensor) -> Tensor:
    """How often each value of each feature occurs, (…, sum of `FEATURE_SIZES`), for features (…, 8): ones and zeros."""
    return torch.cat([functional.one_hot(f, n) for f, n in zip(features.unbind(-1), FEATURE_SIZES, strict=True)], -1)


class _Layer(nn.Module):
    """A transformer layer in the form of BERT: attention, then two dense layers, each normalised after the sum."""

    def __init__(self, size: Size, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * size.heads * WIDTH)
        self.out = nn.Linear(size.heads * WIDTH, HIDDEN)
        self.norm1 = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.up = nn.Linear(HIDDEN, size.inner)
        self.down = nn.Linear(size.inner, HIDDEN)
        self.norm2 = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.dropout = nn.Dropout(dropout)
        self.attend: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor] = attention
        # What goes out of each head and each inner unit can be weighted, to see what hangs on it.
        self.head_weights: Tensor | None = None
        self.inner_weights: Tensor | None = None

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        query, key, value = self.qkv(x).chunk(3, -1)
        mixed = self.attend(query, key, value, bias)
        if self.head_weights is not None:
            mixed = mixed * self.head_weights.repeat_interleave(WIDTH)
        x = self.norm1(x + self.dropout(self.out(mixed)))
        inner = functional.gelu(self.up(x))
        if self.inner_weights is not None:
            inner = inner * self.inner_weights
        return self.norm2(x + self.dropout(self.down(inner)))


class Network(nn.Module):
    """Word pieces in, scores of labels (batch, length, 13) and of roles (batch, length, 6) out.

    `weights` are the pre-trained ones to start from; without them the network waits for a state to be loaded.
    """

    def __init__(
        self,
        weights: Path | None = None,
        sizes: Sequence[Size] = FULL,
        *,
        dropout: float = 0.1,
        head_dropout: float = 0.2,
        shape_dropout: float = 0.1,
    ) -> None:
        super().__init__()
        total = sum(FEATURE_SIZES)
        self.tokens = nn.Embedding(VOCABULARY, HIDDEN)
        self.positions = nn.Embedding(POSITIONS, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.shape_in = nn.Embedding(total, HIDDEN)
        self.shape_out = nn.Embedding(total, SHAPE)
        self.layers = nn.ModuleList(_Layer(size, dropout) for size in sizes)
        self.dropout, self.head_dropout = nn.Dropout(dropout), nn.Dropout(head_dropout)
        self.dense = nn.Linear(HIDDEN + SHAPE, 256)
        self.label_head = nn.Linear(256, len(LABELS))
        self.role_dense = nn.Linear(HIDDEN + SHAPE, 256)
        self.role_head = nn.Linear(256, len(ROLES))
        self.shape_dropout = shape_dropout
        nn.init.zeros_(self.shape_in.weight)
        nn.init.normal_(self.shape_out.weight, std=0.1)
        if weights:
            self._load(weights)

    def forward(self, ids: Tensor, mask: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        """Score ids (batch, length), mask (1 where there is a piece), features (batch, length, 8)."""
        if self.training and self.shape_dropout:
            features = features.masked_fill(torch.rand(features.shape) < self.shape_dropout, 0)
        return self.scores(ids, mask, counts(features).float())

    def scores(self, ids: Tensor, mask: Tensor, shape: Tensor) -> tuple[Tensor, Tensor]:
        """The same with `counts` of the features."""
        return self.judge(self.states(ids, mask, shape)[-1], shape)

    def states(self, ids: Tensor, mask: Tensor, shape: Tensor) -> list[Tensor]:
        """What comes out of each layer, (batch, length, 384)."""
        x = self.tokens(ids) + self.positions.weight[: ids.shape[1]] + shape @ self.shape_in.weight
        x = self.dropout(self.norm(x))
        bias = ((1 - mask) * -1e4)[:, None, None, :].to(x.dtype)
        states = []
        for layer in self.layers:
            x = layer(x, bias)
            states.append(x)
        return states

    def judge(self, x: Tensor, shape: Tensor) -> tuple[Tensor, Tensor]:
        """The scores of labels and roles by what comes out of the last layer, and `counts` of the features."""
        seen = self.head_dropout(torch.cat([x, (shape @ self.shape_out.weight).to(x.dtype)], -1))
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
