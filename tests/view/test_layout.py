from __future__ import annotations

import math
import random
from itertools import combinations

from kg.records import Node, Relationship
from kg.view.page.layout import positions, radius


def thing(key: str, papers: int = 1) -> Node:
    return Node("Model", {"id": key, "name": key, "papers": papers})


def line(start: str, end: str, type_: str = "USES") -> Relationship:
    return Relationship(type_, start, end, {})


def clusters(count: int, size: int) -> tuple[list[Node], list[Relationship]]:
    """Groups in which everything is connected, joined to the next by one line each."""
    nodes = [thing(f"{group}-{number}") for group in range(count) for number in range(size)]
    lines = [line(f"{group}-{a}", f"{group}-{b}") for group in range(count) for a, b in combinations(range(size), 2)]
    return nodes, [*lines, *(line(f"{group}-0", f"{group + 1}-0") for group in range(count - 1))]


def distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    return math.dist(a, b)


def test_an_empty_graph_has_no_places() -> None:
    assert positions([], []) == {}


def test_every_node_gets_one_finite_place() -> None:
    nodes, lines = clusters(3, 6)
    nodes += [thing("alone"), thing("pair-a"), thing("pair-b")]
    placed = positions(nodes, [*lines, line("pair-a", "pair-b"), line("alone", "alone"), line("alone", "not there")])
    assert set(placed) == {node.id for node in nodes}
    assert all(math.isfinite(x) and math.isfinite(y) for x, y in placed.values())


def test_the_order_of_the_input_does_not_show() -> None:
    nodes, lines = clusters(4, 7)
    shuffled, turned = nodes[:], lines[:]
    random.Random(5).shuffle(shuffled)
    random.Random(6).shuffle(turned)
    assert positions(nodes, lines) == positions(shuffled, turned)


def test_nodes_do_not_lie_on_each_other() -> None:
    nodes, lines = clusters(5, 8)
    nodes += [thing(f"leaf-{number}") for number in range(60)] + [thing(f"alone-{number}") for number in range(30)]
    lines += [line(f"{number % 5}-0", f"leaf-{number}") for number in range(60)]
    placed = positions(nodes, lines)
    degree = {node.id: sum(node.id in (one.start, one.end) for one in lines) for node in nodes}
    size = {node.id: radius(node, degree[node.id]) for node in nodes}
    heaps = [(a, b) for a, b in combinations(placed, 2) if distance(placed[a], placed[b]) < size[a] + size[b]]
    assert heaps == []


def test_communities_stand_apart() -> None:
    nodes, lines = clusters(3, 10)
    placed = positions(nodes, lines)
    inside = [
        distance(placed[f"{g}-{a}"], placed[f"{g}-{b}"]) for g in range(3) for a, b in combinations(range(1, 10), 2)
    ]
    across = [
        distance(placed[f"{g}-{a}"], placed[f"{h}-{b}"])
        for g, h in combinations(range(3), 2)
        for a in range(1, 10)
        for b in range(1, 10)
    ]
    assert sum(inside) / len(inside) < 0.5 * sum(across) / len(across)


def test_what_is_not_connected_to_the_rest_stands_at_the_rim() -> None:
    nodes, lines = clusters(1, 12)
    nodes += [thing("pair-a"), thing("pair-b"), thing("alone")]
    placed = positions(nodes, [*lines, line("pair-a", "pair-b")])
    rim = max(math.hypot(*placed[node.id]) for node in nodes if node.id[0].isdigit())
    assert all(math.hypot(*placed[key]) > rim for key in ("pair-a", "pair-b", "alone"))


def test_a_feed_does_not_pull_its_papers_together() -> None:
    nodes, lines = clusters(2, 6)
    feed = Node("Feed", {"id": "feed", "name": "feed"})
    listing = [line("feed", node.id, "LISTS") for node in nodes]
    without = positions(nodes, lines)
    with_feed = positions([*nodes, feed], [*lines, *listing])
    assert distance(without["0-1"], without["1-1"]) == distance(with_feed["0-1"], with_feed["1-1"])


def test_a_thing_named_more_often_is_drawn_larger_up_to_a_limit() -> None:
    sizes = [radius(thing("x", papers), 0) for papers in (1, 2, 20, 10**9)]
    assert sizes == sorted(set(sizes))
    assert sizes[-1] < 50
