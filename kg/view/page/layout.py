"""Where each node stands: computed once, before the page is written, so that it opens settled.

NetworkX finds the connected parts and the communities and lays out the communities' skeleton; a force pass in NumPy
moves the well-connected nodes from there. Two things keep that quick and readable. A node with one neighbour takes no
part in the forces: it stands in a ring around that neighbour. Parts that are not connected to the largest one are laid
out on their own and packed around its rim.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt

from kg.records import Node, Relationship
from kg.schema import THING_LABELS

Floats = npt.NDArray[np.floating[Any]]
Point = tuple[float, float]

SEED = 7
GAP = 5.0
_LARGEST = 28.0
# A feed lists every paper and an author few: neither says what a paper is about, so they hardly pull.
WEIGHTS: Mapping[str, float] = {"LISTS": 0.0, "WROTE": 0.3, "INTRODUCES": 1.5, "VARIANT_OF": 1.5, "MENTIONS": 0.6}
_STEPS, _ROUNDS, _NUDGES = 150, 25, 8
_BLOCK, _SKYLINE = 256, 360  # rows of a matrix worked on at a time; directions the rim is measured in
_REPULSION, _GRAVITY, _CROWDING = 0.3, 0.035, 2  # tuned by eye on graphs of 200 to 500 papers


def growth(nodes: Collection[Node]) -> float:
    """How fast size grows with the number of papers: the most named of a few nodes must not fill the picture."""
    most = max((papers for node in nodes if isinstance(papers := node.properties.get("papers"), int)), default=1)
    largest = min(_LARGEST, 12.0 + 1.5 * math.sqrt(len(nodes)))
    return min(3.2, (largest - 4.0) / math.sqrt(max(most - 1, 1)))


def radius(node: Node, degree: int, growing: float = 3.2) -> float:
    """How large a node is drawn: an entity by the number of papers that name it (area grows with it), others fixed."""
    if node.label in THING_LABELS:
        papers = node.properties.get("papers")
        count = papers if isinstance(papers, int) and papers > 0 else max(degree, 1)
        return round(min(4.0 + growing * math.sqrt(count - 1), _LARGEST), 1)
    return {"Paper": 5.5, "Feed": 11.0, "Result": 3.5, "Page": 4.0, "Repository": 4.0}.get(node.label, 4.5)


def positions(nodes: Sequence[Node], relationships: Sequence[Relationship]) -> dict[str, Point]:
    """Place every node, in the units `radius` counts in; the same graph gets the same places on every run."""
    # NetworkX walks through sets of nodes: numbers come out of a set in the same order in each process, text does not.
    known = dict(sorted({node.id: node for node in nodes}.items()))
    graph = _graph(known, relationships)
    parts = [_centred(_lay_out(graph.subgraph(part))) for part in nx.connected_components(graph)]
    parts.sort(key=lambda part: (-len(part), min(part)))
    placed = _pack(parts, graph.nodes(data="radius"))
    return {key: (round(placed[number][0], 1), round(placed[number][1], 1)) for number, key in enumerate(known)}


def beside(
    placed: Mapping[str, Point], radii: Mapping[str, float], centre: str, new: Sequence[str]
) -> dict[str, Point]:
    """Places for the nodes `new` around the node `centre`, the first ones nearest; nothing that is placed moves.

    `radii` holds the size of every node, placed and new.
    """
    spots = [placed[key] for key in placed]
    sizes = [radii[key] for key in placed]
    x, y = placed.get(centre, (0.0, 0.0))
    found: dict[str, Point] = {}
    turn = 0
    for key in new:
        taken, reach = np.array(spots).reshape(-1, 2), np.array(sizes)
        while True:
            # The golden angle fills the disc around the centre evenly.
            out = radii.get(centre, 0.0) + 14 + 7.5 * math.sqrt(turn)
            spot = (round(x + out * math.cos(turn * 2.399963), 1), round(y + out * math.sin(turn * 2.399963), 1))
            turn += 1
            if (np.hypot(taken[:, 0] - spot[0], taken[:, 1] - spot[1]) > reach + radii[key] + GAP).all():
                break
        found[key] = spot
        spots.append(spot)
        sizes.append(radii[key])
    return found


def in_columns(ways: Sequence[Sequence[str]]) -> dict[str, Point]:
    """Places for the nodes of ways from one node to another: a column for each step, the first way on top."""
    columns: dict[str, int] = {}
    for way in ways:
        for step, key in enumerate(way):
            columns.setdefault(key, step)
    placed: dict[str, Point] = {}
    for step in sorted(set(columns.values())):
        column = [key for key in columns if columns[key] == step]
        for row, key in enumerate(column):
            placed[key] = (step * 190.0, (row - (len(column) - 1) / 2) * 90.0)
    return placed


def _graph(known: Mapping[str, Node], relationships: Sequence[Relationship]) -> nx.Graph:
    """The undirected graph that forces act on; parallel relationships add up, those of no weight stay out."""
    numbers = {key: number for number, key in enumerate(known)}
    degree = dict.fromkeys(known, 0)
    weights: dict[tuple[int, int], float] = {}
    for relationship in relationships:
        start, end = relationship.start, relationship.end
        if start == end or start not in known or end not in known:
            continue
        degree[start] += 1
        degree[end] += 1
        weight = WEIGHTS.get(relationship.type, 1.0)
        if weight:
            pair = (min(numbers[start], numbers[end]), max(numbers[start], numbers[end]))
            weights[pair] = weights.get(pair, 0.0) + weight
    graph: nx.Graph = nx.Graph()
    growing = growth(known.values())
    for key, node in known.items():
        graph.add_node(numbers[key], radius=radius(node, degree[key], growing), label=node.label)
    graph.add_weighted_edges_from((start, end, weight) for (start, end), weight in sorted(weights.items()))
    return graph


def _lay_out(graph: nx.Graph) -> dict[int, Point]:
    """One connected part: its core by forces, then each remaining node in the ring around its only neighbour."""
    nodes = sorted(graph)
    core = [node for node in nodes if graph.degree(node) > 1]
    if not core:  # one node, or two that only know each other
        core = nodes[:1]
    inner = set(core)
    leaves: dict[int, list[int]] = {node: [] for node in core}
    for node in nodes:
        if node not in inner:
            leaves[next(iter(graph[node]))].append(node)
    sizes = np.array([_reach(graph, node, leaves[node]) for node in core])
    spots = _forces(graph, core, sizes) if len(core) > 1 else np.zeros((1, 2))
    placed = {node: (float(x), float(y)) for node, (x, y) in zip(core, spots, strict=True)}
    for node in core:
        _ring(graph, node, leaves[node], placed)
    return placed


def _rings(graph: nx.Graph, node: int, leaves: list[int]) -> list[tuple[float, list[int]]]:
    """The rings of `leaves` around `node`: each with its distance and as many leaves as fit on it side by side."""
    # Alike stand together: a paper's own models, then its own methods.
    rest = sorted(leaves, key=lambda leaf: (graph.nodes[leaf]["label"], leaf))
    distance = graph.nodes[node]["radius"]
    rings: list[tuple[float, list[int]]] = []
    while rest:
        width = 2 * max(graph.nodes[leaf]["radius"] for leaf in rest)
        distance += GAP + width / 2 + (6 if not rings else 0)
        fitting = max(int(2 * math.pi * distance / (width + GAP)), 1)
        rings.append((distance, rest[:fitting]))
        rest = rest[fitting:]
        distance += width / 2
    return rings


def _reach(graph: nx.Graph, node: int, leaves: list[int]) -> float:
    """The radius of the disc that holds `node` and its rings."""
    rings = _rings(graph, node, leaves)
    if not rings:
        return float(graph.nodes[node]["radius"])
    distance, last = rings[-1]
    return float(distance + max(graph.nodes[leaf]["radius"] for leaf in last))


def _ring(graph: nx.Graph, node: int, leaves: list[int], placed: dict[int, Point]) -> None:
    """Place `leaves` around `node`: few of them as a fan that looks away from its other neighbours, many as a ring."""
    x, y = placed[node]
    others = [placed[other] for other in sorted(graph[node]) if other in placed]
    away = math.atan2(sum(y - oy for _, oy in others), sum(x - ox for ox, _ in others)) if others else 0.0
    for distance, ring in _rings(graph, node, leaves):
        step = min(2 * math.pi / len(ring), 0.9)
        for number, leaf in enumerate(ring):
            angle = away + (number - (len(ring) - 1) / 2) * step
            placed[leaf] = (x + distance * math.cos(angle), y + distance * math.sin(angle))


def _forces(graph: nx.Graph, core: list[int], sizes: Floats) -> Floats:
    """Force-directed places for the nodes of `core`, discs of these sizes: communities together, none overlapping."""
    index = {node: number for number, node in enumerate(core)}
    edges = sorted(
        (*sorted((index[a], index[b])), float(weight))
        for a, b, weight in graph.edges(data="weight")
        if a in index and b in index
    )
    inner: nx.Graph = nx.Graph()
    inner.add_nodes_from(range(len(core)))
    inner.add_weighted_edges_from(edges)
    community = _communities(inner)
    source = np.array([edge[0] for edge in edges])
    target = np.array([edge[1] for edge in edges])
    # A line inside a community pulls harder than one between two: that is what sets communities apart.
    pull = np.array([edge[2] for edge in edges]) * np.where(community[source] == community[target], 1.0, 0.2)
    count = len(core)
    unit = math.sqrt(float(((sizes + GAP) ** 2).mean())) * 2
    total = np.bincount(source, pull, count) + np.bincount(target, pull, count)
    mass = (1.0 + total) * np.maximum(sizes / unit * 2, 1.0)
    spots = _skeleton(inner, community)
    steps = max(int(_STEPS * min(1.0, (600 / count) ** 1.5)), 30)
    for step in range(steps):
        # ForceAtlas2's forces: along a line the distance itself, between all pairs the masses over the distance.
        force = _repulsion(spots, mass) - spots * mass[:, None] * _GRAVITY
        along = (spots[target] - spots[source]) * pull[:, None]
        for axis in (0, 1):
            force[:, axis] += np.bincount(source, along[:, axis], count)
            force[:, axis] -= np.bincount(target, along[:, axis], count)
        move = force / (1.0 + total)[:, None] * 0.5
        length = np.maximum(np.hypot(move[:, 0], move[:, 1]), 1e-9)
        limit = math.sqrt(count) * 0.3 * (1 - step / steps) ** 2 + 0.01
        spots = spots + move * (np.minimum(length, limit) / length)[:, None]
    return _apart(_spread(spots, sizes), sizes)


def _communities(graph: nx.Graph) -> npt.NDArray[np.int64]:
    """The number of each node's community; the largest is number 0."""
    found = nx.community.louvain_communities(graph, weight="weight", seed=SEED)
    community = np.zeros(len(graph), dtype=np.int64)
    for number, group in enumerate(sorted(map(sorted, found), key=lambda group: (-len(group), group))):
        community[group] = number
    return community


def _skeleton(graph: nx.Graph, community: npt.NDArray[np.int64]) -> Floats:
    """Where the forces start: communities placed by NetworkX, the nodes of each on a spiral around its place."""
    between: nx.Graph = nx.Graph()
    between.add_nodes_from(range(int(community.max()) + 1))
    for a, b in sorted(graph.edges()):
        first, second = sorted((int(community[a]), int(community[b])))
        if first != second:
            weight = between.get_edge_data(first, second, {"weight": 0})["weight"]
            between.add_edge(first, second, weight=weight + 1)
    # NetworkX's springs need SciPy for 500 nodes and more; Louvain finds far fewer communities than that.
    places = nx.spring_layout(between, seed=SEED, iterations=80) if len(between) < 500 else nx.circular_layout(between)
    spots = np.zeros((len(graph), 2))
    for number in range(len(between)):
        members = np.flatnonzero(community == number)
        turn = np.arange(len(members)) * 2.399963  # the golden angle fills a disc evenly
        out = np.sqrt(np.arange(len(members)) + 0.5) * 0.5
        spots[members] = np.asarray(places[number]) * math.sqrt(len(graph))
        spots[members] += np.stack([out * np.cos(turn), out * np.sin(turn)], 1)
    return spots


def _rows(spots: Floats) -> Iterator[tuple[slice, Floats, Floats]]:
    """The differences in x and in y of all pairs, by blocks of rows that fit the processor's cache."""
    for first in range(0, len(spots), _BLOCK):
        rows = slice(first, first + _BLOCK)
        yield rows, spots[rows, 0, None] - spots[None, :, 0], spots[rows, 1, None] - spots[None, :, 1]


def _repulsion(spots: Floats, mass: Floats) -> Floats:
    """What pushes each node away from all others: the product of their masses over the distance."""
    push = np.empty_like(spots)
    # Half the digits are enough for a push, and twice as quick.
    spots, mass = spots.astype(np.float32), mass.astype(np.float32)
    for rows, dx, dy in _rows(spots):
        strength = dx * dx  # worked on in place: fresh arrays of this size cost more than the sums
        strength += dy * dy
        strength += 0.01
        np.divide(mass, strength, out=strength)
        push[rows, 0] = np.einsum("ij,ij->i", strength, dx)
        push[rows, 1] = np.einsum("ij,ij->i", strength, dy)
    return push * mass[:, None] * _REPULSION


def _spread(spots: Floats, sizes: Floats) -> Floats:
    """Scale the places up until only a few discs overlap; `_apart` moves those."""
    count = len(spots)
    ratios = np.empty((count, count))
    for rows, dx, dy in _rows(spots):
        ratios[rows] = (sizes[rows, None] + sizes[None, :] + GAP) / np.maximum(np.hypot(dx, dy), 1e-6)
    np.fill_diagonal(ratios, 0.0)
    # Each pair stands there twice; this many of the worst are left to overlap.
    left = min(_CROWDING * count, count * (count - 1) // 8)
    return spots * float(np.partition(ratios.ravel(), -left - 1)[-left - 1])


def _apart(spots: Floats, sizes: Floats) -> Floats:
    """Push overlapping discs apart, the larger one less, until none overlap or the rounds are over."""
    weight = sizes**2
    count = len(spots)
    for _ in range(_ROUNDS):
        # All pairs are looked through once in a while; those that are near are moved some times in between.
        first, second = _near(spots, sizes)
        overlapping = False
        for _ in range(_NUDGES):
            along = spots[second] - spots[first]
            distance = np.hypot(along[:, 0], along[:, 1])
            lack = sizes[first] + sizes[second] + GAP - distance
            if not (lack > 0.01).any():
                break
            overlapping = True
            # Two nodes on one spot have no direction to part in: any does.
            along = np.where(distance[:, None] < 1e-6, (1.0, 0.0), along / np.maximum(distance, 1e-6)[:, None])
            along *= (np.maximum(lack, 0.0) * 1.1 / (weight[first] + weight[second]))[:, None] * 0.6
            for axis in (0, 1):
                spots[:, axis] -= np.bincount(first, along[:, axis] * weight[second], count)
                spots[:, axis] += np.bincount(second, along[:, axis] * weight[first], count)
        if not overlapping:
            break
    return spots


def _near(spots: Floats, sizes: Floats) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The pairs of discs that overlap or could do so after a few small moves, each pair once."""
    found = []
    for rows, dx, dy in _rows(spots):
        reach = sizes[rows, None] + sizes[None, :] + 4 * GAP
        i, j = np.nonzero(dx * dx + dy * dy < reach * reach)
        i += rows.start
        found.append((i[i < j], j[i < j]))
    return np.concatenate([i for i, _ in found]), np.concatenate([j for _, j in found])


def _centred(part: dict[int, Point]) -> dict[int, Point]:
    """The same places with their centre of gravity at zero."""
    x = sum(spot[0] for spot in part.values()) / len(part)
    y = sum(spot[1] for spot in part.values()) / len(part)
    return {node: (spot[0] - x, spot[1] - y) for node, spot in part.items()}


def _pack(parts: list[dict[int, Point]], radii: Mapping[int, float]) -> dict[int, Point]:
    """Set the smaller parts around the first one, each at the angle where it comes nearest to the middle."""
    skyline = np.zeros(_SKYLINE)
    angles = np.arange(_SKYLINE) * 2 * math.pi / _SKYLINE
    placed: dict[int, Point] = {}
    for number, part in enumerate(parts):
        reach = max(math.hypot(x, y) + radii[node] for node, (x, y) in part.items())
        if number == 0:
            for node, (x, y) in part.items():
                placed[node] = (x, y)
                out, edge = math.hypot(x, y) + radii[node], radii[node] + GAP
                _raise(skyline, math.atan2(y, x), math.asin(min(edge / max(out, edge), 1.0)), out)
            continue
        width = max(float(skyline.min()), reach) + reach
        half = math.ceil(math.asin(min((reach + GAP) / width, 1.0)) / (2 * math.pi) * _SKYLINE)
        window = np.max([np.roll(skyline, turn) for turn in range(-half, half + 1)], axis=0)
        spot = int(np.argmin(window))
        best = float(window[spot]) + reach + 4 * GAP
        cx, cy = best * math.cos(angles[spot]), best * math.sin(angles[spot])
        for node, (x, y) in part.items():
            placed[node] = (cx + x, cy + y)
        _raise(skyline, float(angles[spot]), math.asin(min((reach + GAP) / best, 1.0)), best + reach)
    return placed


def _raise(skyline: Floats, angle: float, half: float, height: float) -> None:
    """Record that everything up to `height` is taken from `angle - half` to `angle + half`."""
    first = math.floor((angle - half) / (2 * math.pi) * _SKYLINE)
    last = math.ceil((angle + half) / (2 * math.pi) * _SKYLINE)
    bins = np.arange(first, last + 1) % _SKYLINE
    skyline[bins] = np.maximum(skyline[bins], height)
