"""A trained network is thinned: layers, heads and units on which least hangs go; the rest learns from the whole one.

What hangs on a part is the size of the loss's gradient by its weight (Michel et al., "Are sixteen heads really better
than one?", 2019). Learning from the scores of the whole network is distillation (Hinton et al., 2015), here also from
what comes out of each of its layers (Jiao et al., "TinyBERT", 2020).
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional

from extractors.train.data import IGNORE, Example
from extractors.train.fit import Run, State, annotated, collate, in_order
from extractors.train.network import WIDTH, Network, Size, counts

_STEP = 32  # inner units are kept in multiples of it, as the runtime's kernels like them


@dataclass(frozen=True, slots=True)
class Thinning:
    """How much is kept, and how the rest learns.

    Heads and units are means over the layers that stay; a layer keeps half as many of its own at least.
    """

    layers: tuple[int, ...] = (0, 1, 2, 3, 4, 5)  # which of the whole network's stay
    heads: int = 7
    inner: int = 896
    sample: int = 150  # examples by which parts are weighed
    batch: int = 16
    rate: float = 3e-4
    warm_up: int = 10  # batches
    role_weight: float = 0.3
    state_weight: float = 20.0  # of the mean square by which what comes out of the layers is off
    label_weight: float = 0.5  # of the annotations, beside the scores of the whole network
    seed: int = 5
    threads: int = 1
    save_every: int = 25  # batches


class Thinned(NamedTuple):
    """A thinner network: its state, and the sizes of its layers."""

    state: State
    sizes: list[Size]


def sizes_of(state: State) -> list[Size]:
    """The sizes of the layers of the network with `state`."""
    layers = itertools.takewhile(lambda layer: f"layers.{layer}.up.bias" in state, itertools.count())
    return [
        Size(len(state[f"layers.{layer}.qkv.bias"]) // (3 * WIDTH), len(state[f"layers.{layer}.up.bias"]))
        for layer in layers
    ]


def cut(state: State, examples: Sequence[Example], recipe: Thinning) -> Thinned:
    """The network with `state` without the parts on which least hangs; what is left has yet to learn."""
    torch.set_num_threads(recipe.threads)
    torch.manual_seed(recipe.seed)
    network = Network(sizes=sizes_of(state))
    network.load_state_dict(state)
    network.eval()
    chosen = random.Random(recipe.seed).sample(examples, min(recipe.sample, len(examples)))  # noqa: S311 - no secret
    weights = _weigh(network, chosen, recipe.role_weight)
    heads, inner = ([every[layer] for layer in recipe.layers] for every in weights)
    kept_heads = _keep(heads, recipe.heads, 1)
    kept_inner = _keep(inner, recipe.inner, _STEP)
    sizes = [Size(len(some), len(others)) for some, others in zip(kept_heads, kept_inner, strict=True)]
    print("heads and units of the layers:", *(f"{size.heads}/{size.inner}" for size in sizes), flush=True)
    return Thinned(_cut(state, recipe.layers, kept_heads, kept_inner), sizes)


def distil(state: State, pupil: Thinned, examples: Sequence[Example], kept: Path, recipe: Thinning) -> Thinned:
    """`pupil` when it has learnt from the whole network with `state`, what is annotated, and nothing else.

    Reads `examples` once, in random order; the labels of those without annotations are all `IGNORE`. `kept` holds
    where the run stands, as in `fit`. Prints how far it is.
    """
    torch.set_num_threads(recipe.threads)
    whole = Network()
    whole.load_state_dict(state)
    whole.eval()
    thinned = Network(sizes=pupil.sizes, dropout=0.0, head_dropout=0.0, shape_dropout=0.0)
    thinned.load_state_dict(pupil.state)
    _distil(whole, thinned, examples, kept, recipe)
    return Thinned(thinned.state_dict(), pupil.sizes)


def read_exported(path: Path) -> State:
    """The state of a network of six layers in an exported file, as its 8-bit weights have it."""
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


def _weigh(network: Network, examples: Sequence[Example], role_weight: float) -> tuple[list[Tensor], list[Tensor]]:
    """What hangs on each head and each inner unit, a tensor a layer, each of length one."""
    weights = []
    for layer in network.layers:
        layer.head_weights = torch.ones(layer.qkv.out_features // (3 * WIDTH), requires_grad=True)
        layer.inner_weights = torch.ones(layer.up.out_features, requires_grad=True)
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
    return shares[::2], shares[1::2]


def _keep(weights: Sequence[Tensor], mean: int, step: int) -> list[list[int]]:
    """The parts of each layer to keep: the weightiest of all layers, but half of the mean of each; in order."""
    ranked = [own.argsort(descending=True, stable=True).tolist() for own in weights]
    kept = [parts[: max(1, mean // 2)] for parts in ranked]
    free = mean * len(weights) - sum(map(len, kept))
    rest = [
        (float(own[part]), -layer, -part)
        for layer, (own, parts) in enumerate(zip(weights, ranked, strict=True))
        for part in parts[len(kept[layer]) :]
    ]
    for _, layer, part in sorted(rest, reverse=True)[:free]:
        kept[-layer].append(-part)
    return [sorted(parts[: max(1, round(len(own) / step)) * step]) for parts, own in zip(ranked, kept, strict=True)]


def _cut(state: State, layers: Sequence[int], heads: Sequence[Sequence[int]], inner: Sequence[Sequence[int]]) -> State:
    """`state` with only those layers, and only those heads and inner units of each."""
    cut = {name: value for name, value in state.items() if not name.startswith("layers.")}
    for new, (layer, own_heads, own_inner) in enumerate(zip(layers, heads, inner, strict=True)):
        rows = torch.tensor([head * WIDTH + offset for head in own_heads for offset in range(WIDTH)])
        units = torch.tensor(own_inner)
        own = {
            name.removeprefix(f"layers.{layer}."): value
            for name, value in state.items()
            if name.startswith(f"layers.{layer}.")
        }
        for part in ("weight", "bias"):
            own[f"qkv.{part}"] = torch.cat([third[rows] for third in own[f"qkv.{part}"].chunk(3)])
            own[f"up.{part}"] = own[f"up.{part}"][units]
        own["out.weight"] = own["out.weight"][:, rows]
        own["down.weight"] = own["down.weight"][:, units]
        cut.update({f"layers.{new}.{name}": value for name, value in own.items()})
    return cut


def _distil(whole: Network, thinned: Network, examples: Sequence[Example], kept: Path, recipe: Thinning) -> None:
    """Train `thinned` on scores and layers of `whole` and on what is annotated; the word pieces' own vectors stay."""
    thinned.tokens.requires_grad_(False)
    thinned.positions.requires_grad_(False)
    parameters = [parameter for parameter in thinned.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=recipe.rate, betas=(0.9, 0.98), weight_decay=0.01)
    steps = -(-len(examples) // recipe.batch)
    run = Run(kept, {"steps": steps, "recipe": repr(recipe)}, thinned, optimiser)
    thinned.train()
    total = 0.0
    for step, chosen in run.left(in_order(examples, recipe.batch, recipe.seed, steps)):
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate * min(1.0, (step + 1) / recipe.warm_up) * (1 - step / steps)
        ids, mask, features, labels, roles = collate(chosen, 0.0)
        shape = counts(features).float()
        with torch.no_grad():
            every = whole.states(ids, mask, shape)
            aims = [every[layer] for layer in recipe.layers]
            wanted = [scores.log_softmax(-1) for scores in whole.judge(every[-1], shape)]
        states = thinned.states(ids, mask, shape)
        scores = thinned.judge(states[-1], shape)
        apart = [
            functional.kl_div(own.log_softmax(-1), other, log_target=True, reduction="none").sum(-1)
            for own, other in zip(scores, wanted, strict=True)
        ]
        off = torch.stack([(own - aim).square().mean(-1) for own, aim in zip(states, aims, strict=True)]).mean(0)
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
        run.done(step, averaged=False)
        if step % recipe.save_every == recipe.save_every - 1:
            run.save()
            print(f"thinning, batch {step + 1} of {steps}: loss {total / recipe.save_every:.4f}", flush=True)
            total = 0.0
    run.save()
