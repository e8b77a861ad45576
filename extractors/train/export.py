"""A trained network becomes an ONNX file with 8-bit weights, for `onnxruntime`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from extractors.shape import FEATURE_SIZES
from extractors.train.fit import State
from extractors.train.network import HEADS, Network, attention


class _FusedAttention(torch.autograd.Function):
    """Attention as the one operator that the runtime has for it; a text runs alone, so nothing is masked."""

    @staticmethod
    def forward(ctx: Any, query: Tensor, key: Tensor, value: Tensor) -> Tensor:  # noqa: ARG004 - torch passes it
        return attention(query, key, value, torch.zeros(()))

    @staticmethod
    def symbolic(graph: Any, query: Any, key: Any, value: Any) -> Any:
        """The node that stands for it in the exported graph."""
        fused = graph.op("com.microsoft::MultiHeadAttention", query, key, value, num_heads_i=HEADS)
        return fused.setType(query.type())


class _Unmasked(nn.Module):
    """The network for texts that run alone: without the mask."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network
        for layer in network.layers:
            layer.attend = lambda query, key, value, _: _FusedAttention.apply(query, key, value)  # type: ignore[assignment]

    def forward(self, ids: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        """Score ids (1, length) and features (1, length, 8)."""
        return self.network(ids, torch.ones(1, 1), features)  # type: ignore[no-any-return]


def export(state: State, weights: Path, output: Path) -> None:
    """Write the network with `state` to `output`; inputs ids, features, outputs labels, roles (see `Network`)."""
    network = Network(weights)
    network.load_state_dict(state)
    network.eval()
    sample = (torch.randint(5, 1000, (1, 30)), torch.ones(1, 30, len(FEATURE_SIZES), dtype=torch.long))
    names_in, names_out = ["ids", "features"], ["labels", "roles"]
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
