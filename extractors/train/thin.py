"""A trained network is thinned: heads and units on which least hangs go, and what is left learns from the whole one.

What hangs on a part is the size of the loss's gradient by its weight (Michel et al., "Are sixteen heads really better
than one?", 2019). Learning from the scores of the whole network is distillation (Hinton et al., 2015), here also from
what comes out of each of its layers (Jiao et al., "TinyBERT", 2020).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional

from extractors.train.data import IGNORE, Example
from extractors.train.fit import State, annotated, batches, collate
from extractors.train.network import FULL, WIDTH, Network, Size, counts

_STEP = 32  # inner units are kept in multiples of it, as the runtime's kernels like them


@dataclass(frozen=True, slots=True)
class Thinning:
    """How much is kept, and how the rest learns.

    Heads and units are means over the layers; a layer keeps half of its own at least.
    """

    heads: int = 7
    inner: int = 896
    sample: int = 150  # examples by which parts are weighed
    batch: int = 8
    rate: float = 3e-4
    warm_up: int = 40  # batches
    role_weight: float = 0.3
    state_weight: float = 200.0  # of the mean square by which what comes out of the layers is off
    label_weight: float = 0.3  # of the annotations, beside the scores of the whole network
    seed: int = 5
    threads: int = 1


def thin(
    state: State, examples: Sequence[Example], unlabelled: Sequence[Example], recipe: Thinning
) -> tuple[State, list[Size]]:
    """A thinner network that has learnt from the one with `state`: its state and the sizes of its layers.

    Reads `examples` and `unlabelled` (their labels are all `IGNORE`) once, in random order; prints how far it is.
    """
    torch.set_num_threads(recipe.threads)
    torch.manual_seed(recipe.seed)
    shuffle = random.Random(recipe.seed)  # noqa: S311 - an order of examples, not a secret
    whole = Network()
    whole.load_state_dict(state)
    whole.eval()
    heads, inner = _weigh(whole, shuffle.sample(examples, min(recipe.sample, len(examples))), recipe.role_weight)
    kept_heads = _keep(heads, recipe.heads, 1)
    kept_inner = _keep(inner, recipe.inner, _STEP)
    sizes = [Size(len(some), len(others)) for some, others in zip(kept_heads, kept_inner, strict=True)]
    print("heads and units of the layers:", *(f"{size.heads}/{size.inner}" for size in sizes), flush=True)
    thinned = Network(sizes=sizes, dropout=0.0, head_dropout=0.0, shape_dropout=0.0)
    thinned.load_state_dict(_cut(state, kept_heads, kept_inner))
    _distil(whole, thinned, [*examples, *unlabelled], shuffle, recipe)
    return thinned.state_dict(), sizes


def read_exported(path: Path) -> State:
    """The state of the whole network in an exported file, as its 8-bit weights have it."""
    graph = onnx.load(str(path)).graph
    arrays = {initializer.name: numpy_helper.to_array(initializer) for initializer in graph.initializer}

    def whole(name: str) -> Tensor:
        steps = arrays[f"{name}_quantized"].astype(np.float32) - arrays[f"{name}_zero_point"].astype(np.float32)
        return torch.tensor(steps * arrays[f"{name}_scale"])

    state = {}
    for name in Network().state_dict():
        if f"network.{name}" in arrays:
            state[name] = torch.tensor(arrays[f"network.{name}"])
        elif f"network.{name}_quantized" in arrays:
            state[name] = whole(f"network.{name}")
    for node in graph.node:  # dense layers have lost their names but for those of their operators
        if node.op_type == "MatMulInteger" and node.input[1].startswith("onnx::"):
            name = node.name.removeprefix("/network").strip("/").removesuffix("/MatMul_quant").replace("/", ".")
            state[f"{name}.weight"] = whole(node.input[1].removesuffix("_quantized")).T.contiguous()
    return state


def _weigh(network: Network, examples: Sequence[Example], role_weight: float) -> tuple[Tensor, Tensor]:
    """What hangs on each head, (layers, heads), and each inner unit, (layers, units); a layer's have length one."""
    weights = []
    for layer, size in zip(network.layers, FULL, strict=True):
        layer.head_weights = torch.ones(size.heads, requires_grad=True)
        layer.inner_weights = torch.ones(size.inner, requires_grad=True)
        weights += [layer.head_weights, layer.inner_weights]
    sums = [torch.zeros_like(weight) for weight in weights]
    for example in examples:
        ids, mask, features, labels, roles = collate([example], 0.0)
        of_labels, of_roles = network(ids, mask, features)
        loss = annotated(of_labels, labels, of_roles, roles, role_weight)
        for total, gradient in zip(sums, torch.autograd.grad(loss, weights), strict=True):
            total += gradient.abs()
    for layer in network.layers:
        layer.head_weights = layer.inner_weights = None
    shares = [total / total.norm() for total in sums]
    return torch.stack(shares[::2]), torch.stack(shares[1::2])


def _keep(weights: Tensor, mean: int, step: int) -> list[list[int]]:
    """The parts of each layer to keep: the weightiest of all layers, but half of each layer's own; in order."""
    layers, count = weights.shape
    order = [divmod(index, count) for index in weights.flatten().argsort(descending=True, stable=True).tolist()]
    ranked = [[part for layer, part in order if layer == own] for own in range(layers)]
    kept = [parts[: count // 2] for parts in ranked]
    free = mean * layers - sum(map(len, kept))
    for layer, part in order:
        if free and part not in kept[layer]:
            kept[layer].append(part)
            free -= 1
    return [sorted(ranked[layer][: round(len(parts) / step) * step]) for layer, parts in enumerate(kept)]


def _cut(state: State, heads: Sequence[Sequence[int]], inner: Sequence[Sequence[int]]) -> State:
    """`state` with only those heads and inner units of each layer."""
    cut = dict(state)
    for layer, (own_heads, own_inner) in enumerate(zip(heads, inner, strict=True)):
        rows = torch.tensor([head * WIDTH + offset for head in own_heads for offset in range(WIDTH)])
        units = torch.tensor(own_inner)
        name = f"layers.{layer}"
        for part in ("weight", "bias"):
            cut[f"{name}.qkv.{part}"] = torch.cat([third[rows] for third in state[f"{name}.qkv.{part}"].chunk(3)])
            cut[f"{name}.up.{part}"] = state[f"{name}.up.{part}"][units]
        cut[f"{name}.out.weight"] = state[f"{name}.out.weight"][:, rows]
        cut[f"{name}.down.weight"] = state[f"{name}.down.weight"][:, units]
    return cut


def _distil(
    whole: Network, thinned: Network, examples: Sequence[Example], shuffle: random.Random, recipe: Thinning
) -> None:
    """Train `thinned` on scores and layers of `whole` and on what is annotated; the word pieces' own vectors stay."""
    thinned.tokens.requires_grad_(False)
    thinned.positions.requires_grad_(False)
    parameters = [parameter for parameter in thinned.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=recipe.rate, betas=(0.9, 0.98), weight_decay=0.01)
    order = list(batches(examples, recipe.batch, shuffle))
    thinned.train()
    total = 0.0
    for step, chosen in enumerate(order):
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate * min(1.0, (step + 1) / recipe.warm_up) * (1 - step / len(order))
        ids, mask, features, labels, roles = collate(chosen, 0.0)
        shape = counts(features).float()
        with torch.autocast("cpu", torch.bfloat16):
            with torch.no_grad():
                aims = whole.states(ids, mask, shape)
                wanted = [scores.float().log_softmax(-1) for scores in whole.judge(aims[-1], shape)]
            states = thinned.states(ids, mask, shape)
            scores = [scores.float() for scores in thinned.judge(states[-1], shape)]
        apart = [
            functional.kl_div(own.log_softmax(-1), other, log_target=True, reduction="none").sum(-1)
            for own, other in zip(scores, wanted, strict=True)
        ]
        off = (torch.stack(states).float() - torch.stack(aims).float()).square().mean((0, 3))
        # A role counts as far as its word is a name.
        name = (1 - wanted[0][..., 0].exp()) * mask
        loss = ((apart[0] + recipe.state_weight * off) * mask).sum() / mask.sum()
        loss = loss + recipe.role_weight * (apart[1] * name).sum() / name.sum().clamp(min=1)
        if bool((labels != IGNORE).any()):
            loss = loss + recipe.label_weight * annotated(scores[0], labels, scores[1], roles, recipe.role_weight)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        total += loss.item()
        if step % 50 == 49:
            print(f"thinning, batch {step + 1} of {len(order)}: loss {total / 50:.4f}", flush=True)
            total = 0.0
