"""A trained network becomes an ONNX file with 8-bit weights, for `onnxruntime`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from extractors.shape import FEATURE_SIZES
from extractors.train.fit import State
from extractors.train.network import WIDTH, Network, Size, attention


class _FusedAttention(torch.autograd.Function):
    """Attention as the one operator that the runtime has for it; a text runs alone, so nothing is masked."""

    @staticmethod
    def forward(ctx: Any, query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:  # noqa: ARG004 - torch passes
        return attention(query, key, value, torch.zeros(()))

    @staticmethod
    def symbolic(graph: Any, query: Any, key: Any, value: Any, heads: int) -> Any:
        """The node that stands for it in the exported graph."""
        fused = graph.op("com.microsoft::MultiHeadAttention", query, key, value, num_heads_i=heads)
        return fused.setType(query.type())


def _fused(heads: int) -> Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]:
    def attend(query: Tensor, key: Tensor, value: Tensor, _: Tensor) -> Tensor:
        mixed: Tensor = _FusedAttention.apply(query, key, value, heads)
        return mixed

    return attend


class _Unmasked(nn.Module):
    """The network for texts that run alone: without the mask."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network
        for layer in network.layers:
            layer.attend = _fused(layer.qkv.out_features // (3 * WIDTH))  # type: ignore[union-attr, operator]

    def forward(self, ids: Tensor, shape: Tensor) -> tuple[Tensor, Tensor]:
        """Score ids (1, length) and counts of the features (1, length, 70)."""
        return self.network.scores(ids, torch.ones(1, 1), shape)


def export(state: State, sizes: Sequence[Size], output: Path) -> None:
    """Write the network with `state` to `output`; inputs ids, shape, outputs labels, roles (see `Network.scores`)."""
    network = Network(sizes=sizes)
    network.load_state_dict(state)
    network.eval()
    sample = (torch.randint(5, 1000, (1, 30)), torch.ones(1, 30, sum(FEATURE_SIZES)))
    names_in, names_out = ["ids", "shape"], ["labels", "roles"]
    with tempfile.TemporaryDirectory() as folder:
        full, prepared = f"{folder}/full.onnx", f"{folder}/prepared.onnx"
        torch.onnx.export(
            _Unmasked(network),
            sample,
            full,
            input_names=names_in,
            output_names=names_out,
            opset_version=17,
            dynamo=False,
            custom_opsets={"com.microsoft": 1},
            dynamic_axes={name: {1: "length"} for name in names_in + names_out},
        )
        quant_pre_process(full, prepared, skip_symbolic_shape=True)
        quantize_dynamic(
            prepared,
            str(output),
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Gemm", "Gather", "EmbedLayerNormalization"],
            extra_options={"MatMulConstBOnly": True},
        )
