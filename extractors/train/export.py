"""A trained network becomes an ONNX file with 8-bit weights, for `onnxruntime`."""

from __future__ import annotations

import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from extractors.shape import FEATURE_SIZES
from extractors.train.fit import State
from extractors.train.network import Network


def export(state: State, weights: Path, output: Path) -> None:
    """Write the network with `state` to `output`; inputs ids, mask, features, outputs labels, roles (see `Network`)."""
    network = Network(weights)
    network.load_state_dict(state)
    network.eval()
    sample = (
        torch.randint(5, 1000, (2, 30)),
        torch.ones(2, 30),
        torch.ones(2, 30, len(FEATURE_SIZES), dtype=torch.long),
    )
    names_in, names_out = ["ids", "mask", "features"], ["labels", "roles"]
    with tempfile.TemporaryDirectory() as folder:
        full, prepared = f"{folder}/full.onnx", f"{folder}/prepared.onnx"
        torch.onnx.export(
            network,
            sample,
            full,
            input_names=names_in,
            output_names=names_out,
            opset_version=17,
            dynamo=False,
            dynamic_axes={name: {0: "batch", 1: "length"} for name in names_in + names_out},
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
