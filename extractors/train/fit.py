"""Fitting the network: a run for each seed, then the mean of their weights (Wortsman et al., "Model soups", 2022)."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from extractors.shape import FEATURE_SIZES
from extractors.train.data import IGNORE, Example
from extractors.train.network import LAYERS, MASK_ID, POSITIONS, Network

State = dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a run is made of. Two runs with one recipe on one kind of machine give the same weights."""

    epochs: float = 1.5
    batch: int = 16
    rate: float = 2.0e-4
    head_rate: float = 5.0e-4
    layer_decay: float = 0.9  # each layer further from the heads learns this much slower
    warm_up: int = 60  # batches
    masked: float = 0.07  # share of words hidden, so that the context has to tell
    smoothing: float = 0.03
    role_weight: float = 0.3
    average_from: float = 0.5  # share of the run after which weights are averaged
    threads: int = 1
    save_every: int = 40  # batches


def fit(examples: Sequence[Example], start: Path | State, seed: int, kept: Path, recipe: Recipe = Recipe()) -> State:
    """Train on `examples`; the running mean of the weights over the last part of the run.

    `start` is the pre-trained weights, or the state of a network that has learnt before. Seeds that start from
    pre-trained weights share their random heads, so that their mean is a network too. `kept` holds where the run
    stands: a run that was cut off goes on from there, and gives what it would have given. Prints how far it is.
    """
    torch.set_num_threads(recipe.threads)
    torch.manual_seed(1)
    network = Network(start if isinstance(start, Path) else None)
    if not isinstance(start, Path):
        network.load_state_dict(start)
    torch.manual_seed(seed)
    optimiser = torch.optim.AdamW(_groups(network, recipe), betas=(0.9, 0.98))
    rates = [group["lr"] for group in optimiser.param_groups]
    steps = round(recipe.epochs * -(-len(examples) // recipe.batch))
    run = Run(kept, {"seed": seed, "steps": steps, "recipe": repr(recipe)}, network, optimiser)
    network.train()
    total = 0.0
    for step, chosen in run.left(in_order(examples, recipe.batch, seed, steps)):
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * min(1.0, (step + 1) / recipe.warm_up) * (1 - step / steps)
        ids, mask, features, labels, roles = collate(chosen, recipe.masked)
        label_scores, role_scores = network(ids, mask, features)
        loss = annotated(label_scores, labels, role_scores, roles, recipe.role_weight, recipe.smoothing)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        total += loss.item()
        run.done(step, averaged=step >= recipe.average_from * steps)
        if step % recipe.save_every == recipe.save_every - 1:
            run.save()
            print(f"seed {seed}, batch {step + 1} of {steps}: loss {total / recipe.save_every:.4f}", flush=True)
            total = 0.0
    run.save()
    return run.mean


class Run:
    """Where a run stands, kept in a file: network, optimiser, mean of the weights, batch, state of the random numbers.

    `what` says which run it is; a file of another run is not taken for its own.
    """

    def __init__(
        self, kept: Path, what: dict[str, object], network: nn.Module, optimiser: torch.optim.Optimizer
    ) -> None:
        self.kept, self.what, self.network, self.optimiser = kept, what, network, optimiser
        self.mean: State = {}
        self.averaged = self.step = 0
        if kept.exists():
            stood = torch.load(kept, weights_only=True)
            if stood["what"] == what:
                network.load_state_dict(stood["network"])
                optimiser.load_state_dict(stood["optimiser"])
                self.mean, self.averaged, self.step = stood["mean"], stood["averaged"], stood["step"]
                torch.set_rng_state(stood["random"])
                print(f"{kept}: goes on after batch {self.step}", flush=True)

    def left(self, batches: Iterable[list[Example]]) -> Iterator[tuple[int, list[Example]]]:
        """The batches that are still to do, numbered."""
        return itertools.islice(enumerate(batches), self.step, None)

    def done(self, step: int, *, averaged: bool) -> None:
        """The batch has been learnt; the weights count towards the mean if `averaged`."""
        self.step = step + 1
        if averaged:
            self.averaged += 1
            _average(self.mean, self.network.state_dict(), min(0.995, self.averaged / (self.averaged + 1)))

    def save(self) -> None:
        """Keep where the run stands; a kill meanwhile leaves the file that was there."""
        stands = {
            "what": self.what,
            "network": self.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "mean": self.mean,
            "averaged": self.averaged,
            "step": self.step,
            "random": torch.get_rng_state(),
        }
        written = self.kept.with_suffix(".new")
        torch.save(stands, written)
        written.replace(self.kept)


def in_order(examples: Sequence[Example], size: int, seed: int, steps: int) -> Iterator[list[Example]]:
    """`steps` batches, epoch after epoch, each in a random order of its own."""
    epochs = (batches(examples, size, random.Random(f"{seed}-{epoch}")) for epoch in itertools.count())  # noqa: S311 - an order, not a secret
    return itertools.islice(itertools.chain.from_iterable(epochs), steps)


def annotated(
    of_labels: Tensor, labels: Tensor, of_roles: Tensor, roles: Tensor, role_weight: float, smoothing: float = 0.0
) -> Tensor:
    """The loss of scores (batch, length, …) towards the annotated labels and roles (batch, length)."""
    loss = functional.cross_entropy(
        of_labels.flatten(0, 1), labels.flatten(), ignore_index=IGNORE, label_smoothing=smoothing
    )
    if bool((roles != IGNORE).any()):
        loss = loss + role_weight * functional.cross_entropy(
            of_roles.flatten(0, 1), roles.flatten(), ignore_index=IGNORE
        )
    return loss


def soup(states: Sequence[State]) -> State:
    """The mean of the weights."""
    return {
        name: torch.stack([s[name].float() for s in states]).mean(0).to(first.dtype)
        for name, first in states[0].items()
    }


def _groups(network: Network, recipe: Recipe) -> list[dict[str, object]]:
    groups = []
    for name, parameter in network.named_parameters():
        if name.startswith("layers."):
            rate = recipe.rate * recipe.layer_decay ** (LAYERS - 1 - int(name.split(".")[1]))
        elif name.startswith(("shape_", "dense", "label_head", "role_")):
            rate = recipe.head_rate
        else:
            rate = recipe.rate * recipe.layer_decay**LAYERS
        plain = parameter.dim() < 2 or name.startswith(("shape_", "tokens"))
        groups.append({"params": [parameter], "lr": rate, "weight_decay": 0.0 if plain else 0.01})
    return groups


def batches(examples: Sequence[Example], size: int, shuffle: random.Random) -> Iterator[list[Example]]:
    """All examples once, in batches of about one length each, in random order."""
    order = list(range(len(examples)))
    shuffle.shuffle(order)
    pools = [order[i : i + size * 6] for i in range(0, len(order), size * 6)]
    batches = [
        pool[i : i + size]
        for pool in (sorted(pool, key=lambda k: len(examples[k].encoded.ids)) for pool in pools)
        for i in range(0, len(pool), size)
    ]
    shuffle.shuffle(batches)
    for batch in batches:
        yield [examples[index] for index in batch]


def collate(chosen: Sequence[Example], masked: float) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Ids, mask, features, labels, roles of a batch, with a share `masked` of the words hidden; see `Network`."""
    length = min(POSITIONS, max(len(example.encoded.ids) for example in chosen))
    ids = torch.zeros(len(chosen), length, dtype=torch.long)
    mask = torch.zeros(len(chosen), length)
    features = torch.zeros(len(chosen), length, len(FEATURE_SIZES), dtype=torch.long)
    labels, roles = (torch.full((len(chosen), length), IGNORE) for _ in range(2))
    for row, example in enumerate(chosen):
        count = min(length, len(example.encoded.ids))
        ids[row, :count] = torch.from_numpy(example.encoded.ids[:count])
        mask[row, :count] = 1
        features[row, :count] = torch.from_numpy(example.encoded.features[:count])
        labels[row, :count] = torch.from_numpy(example.labels[:count])
        roles[row, :count] = torch.from_numpy(example.roles[:count])
        of_piece = torch.from_numpy(example.encoded.word_of_piece[:count])
        hidden = torch.rand(max(1, len(example.encoded.words))) < masked
        ids[row, :count][(of_piece >= 0) & hidden[of_piece.clamp(min=0)]] = MASK_ID
    return ids, mask, features, labels, roles


def _average(mean: State, state: State, keep: float) -> None:
    for name, value in state.items():
        if name not in mean:
            mean[name] = value.clone()
        elif value.dtype.is_floating_point:
            mean[name].mul_(keep).add_(value, alpha=1 - keep)
