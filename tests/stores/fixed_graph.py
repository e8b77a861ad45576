"""A small graph, row by row, in which every named query finds something.

It holds what real graphs hold and queries trip over: names in several spellings, aliases, quotes and other scripts,
papers without a date, results without a number or a model, ties in every order.
"""

from __future__ import annotations

import datetime
from typing import Any

from kg.schema import NODES, RELATIONSHIPS
from kg.tables import GraphRows

_PAPERS = (
    # number, title, day
    ("1", "TinyCLIP-Net: Small Models that See and Read", datetime.date(2024, 1, 2)),
    ("2", "Segmenting with Words", datetime.date(2024, 2, 3)),
    ("3", "What CLIP Knows about Shapes", datetime.date(2023, 6, 5)),
    ("4", 'The "Robust" Benchmark: `Δ` and </script>', datetime.date(2023, 6, 5)),
    ("5", "A Study without a Date", None),
    ("6", "Segmenting with Words", datetime.date(2022, 12, 31)),
    ("7", "عنوان قصير 😀", datetime.date(2024, 2, 4)),
    ("8", "Language Models as Readers of Tables", datetime.date(2024, 2, 5)),
    # Titles and names that the examples of the queries ask for; nothing else of the real papers.
    ("91", "Mistral 7B", datetime.date(2020, 10, 22)),
    ("92", "Mixtral of Experts", datetime.date(2021, 2, 26)),
    ("9", "Reading Twice, Finding Boxes Once", datetime.date(2022, 7, 1)),
)
_THINGS = (
    # label, id, name, further names
    ("Model", "model:clip", "CLIP", ("OpenAI CLIP", "CLIP model")),
    ("Model", "model:tinyclip-net", "TinyCLIP-Net", ("TinyCLIP",)),
    ("Model", "model:clip-vit-l-14", "CLIP ViT-L/14", ()),
    ("Model", "model:resnet-50", "ResNet-50", ("ResNet50",)),
    ("Model", "model:resnet", "ResNet", ()),
    ("Model", "model:vir", "ViR", ("Vision Retention Network",)),
    ("Model", "model:llama", "LLaMA", ("Llama",)),
    ("Model", "model:llama-7b", "LLaMA-7B", ("Llama 7B",)),
    ("Model", "model:gpt-4", "GPT-4", ("GPT4",)),
    ("Model", "model:vit", "ViT", ("Vision Transformer",)),
    ("Model", "model:bert", "BERT", ()),
    ("Model", "model:moco", "MoCo", ("Momentum Contrast",)),
    ("Method", "method:lora", "LoRA", ("low-rank adaptation",)),
    ("Method", "method:contrastive-learning", "contrastive learning", ()),
    ("Method", "method:clip", "clip", ()),
    ("Dataset", "dataset:imagenet", "ImageNet", ("ImageNet-1k",)),
    ("Dataset", "dataset:imagenet-1k", "ImageNet 1K", ()),
    ("Dataset", "dataset:laion-400m", "LAION-400M", ("LAION",)),
    ("Dataset", "dataset:coco", "COCO", ("MS COCO",)),
    ("Dataset", "dataset:wikipedia", "Wikipedia", ()),
    ("Benchmark", "benchmark:ade20k", "ADE20K", ()),
    ("Benchmark", "benchmark:mmlu", "MMLU", ()),
    ("Task", "task:image-classification", "image classification", ("classification",)),
    ("Task", "task:semantic-segmentation", "semantic segmentation", ("segmentation",)),
    ("Task", "task:question-answering", "question answering", ("QA",)),
    ("Task", "task:object-detection", "object detection", ()),
    ("Metric", "metric:top-1-accuracy", "top-1 accuracy", ("accuracy",)),
    ("Metric", "metric:miou", "mIoU", ()),
)
_FACTS = (
    # paper, type, thing, confidence
    ("1", "INTRODUCES", "model:tinyclip-net", 0.99),
    ("1", "USES", "model:clip", 0.8),
    ("1", "TRAINS_ON", "dataset:laion-400m", 0.9),
    ("1", "EVALUATES_ON", "dataset:imagenet", 0.9),
    ("1", "COMPARES_TO", "model:resnet-50", 0.7),
    ("1", "USES", "method:contrastive-learning", 0.6),
    ("1", "MENTIONS", "task:image-classification", 0.5),
    ("1", "USES", "metric:top-1-accuracy", 0.9),
    ("2", "INTRODUCES", "model:vir", 0.95),
    ("2", "COMPARES_TO", "model:clip", 0.3),
    ("2", "EVALUATES_ON", "benchmark:ade20k", 0.9),
    ("2", "EVALUATES_ON", "dataset:coco", 0.45),
    ("2", "MENTIONS", "task:semantic-segmentation", 0.9),
    ("2", "USES", "metric:miou", 0.9),
    ("3", "USES", "model:clip", 0.9),
    ("3", "EVALUATES_ON", "dataset:imagenet", 0.8),
    ("3", "EVALUATES_ON", "dataset:coco", 0.8),
    ("3", "MENTIONS", "task:image-classification", 0.8),
    ("3", "MENTIONS", "method:clip", 0.1),
    ("4", "INTRODUCES", "benchmark:mmlu", 0.9),
    ("4", "EVALUATES_ON", "model:clip", 0.4),
    ("4", "EVALUATES_ON", "dataset:imagenet", 0.9),
    ("4", "EVALUATES_ON", "dataset:coco", 0.5),
    ("4", "MENTIONS", "dataset:imagenet-1k", 0.2),
    ("4", "COMPARES_TO", "model:gpt-4", 0.9),
    ("5", "USES", "model:clip", 0.9),
    ("5", "USES", "method:lora", 0.9),
    ("5", "TRAINS_ON", "dataset:imagenet", 0.9),
    ("5", "TRAINS_ON", "dataset:laion-400m", 0.9),
    ("5", "INTRODUCES", "method:lora", 0.35),
    ("6", "MENTIONS", "task:semantic-segmentation", 0.9),
    ("6", "EVALUATES_ON", "benchmark:ade20k", 0.9),
    ("6", "EVALUATES_ON", "dataset:coco", 0.9),
    ("6", "USES", "model:resnet-50", 0.9),
    ("7", "INTRODUCES", "dataset:coco", 0.9),
    ("7", "COMPARES_TO", "dataset:imagenet", 0.9),
    ("8", "USES", "model:llama-7b", 0.9),
    ("8", "COMPARES_TO", "model:gpt-4", 0.9),
    ("8", "USES", "method:lora", 0.9),
    ("8", "EVALUATES_ON", "benchmark:mmlu", 0.9),
    ("8", "MENTIONS", "task:question-answering", 0.9),
    ("8", "USES", "model:llama", 0.5),
    ("6", "INTRODUCES", "model:resnet", 0.6),
    ("91", "INTRODUCES", "model:vit", 0.9),
    ("91", "COMPARES_TO", "model:resnet-50", 0.9),
    ("91", "COMPARES_TO", "model:bert", 0.6),
    ("91", "EVALUATES_ON", "dataset:imagenet", 0.9),
    ("91", "MENTIONS", "task:image-classification", 0.7),
    ("92", "INTRODUCES", "model:clip", 0.95),
    ("92", "USES", "model:vit", 0.9),
    ("92", "COMPARES_TO", "model:resnet-50", 0.9),
    ("92", "COMPARES_TO", "model:moco", 0.55),
    ("92", "EVALUATES_ON", "dataset:imagenet", 0.9),
    ("92", "USES", "metric:top-1-accuracy", 0.9),
    ("9", "INTRODUCES", "model:bert", 0.9),
    ("9", "TRAINS_ON", "dataset:wikipedia", 0.9),
    ("9", "COMPARES_TO", "model:vit", 0.8),
    ("9", "TRAINS_ON", "dataset:coco", 0.9),
    ("9", "EVALUATES_ON", "dataset:imagenet", 0.9),
    ("9", "MENTIONS", "task:object-detection", 0.9),
    ("9", "MENTIONS", "task:question-answering", 0.9),
)
_VARIANTS = (
    ("model:tinyclip-net", "model:clip"),
    ("model:clip-vit-l-14", "model:clip"),
    ("model:resnet-50", "model:resnet"),
    ("model:llama-7b", "model:llama"),
)
_BASED = (
    # what, on what, number of the paper that says it, confidence
    ("model:tinyclip-net", "model:clip", "1", 0.95),
    ("model:vir", "model:clip-vit-l-14", "2", 0.8),
    ("model:vir", "model:bert", "2", 0.7),
    ("method:clip", "model:resnet", "4", 0.9),
)
_RESULTS = (
    # paper, number, value, unit, model, data, task, metric
    ("1", 1, 71.2, "%", "model:tinyclip-net", "dataset:imagenet", "task:image-classification", "metric:top-1-accuracy"),
    ("1", 2, 68.0, "%", "model:resnet-50", "dataset:imagenet", "task:image-classification", "metric:top-1-accuracy"),
    ("2", 1, 51.3, "", "model:vir", "benchmark:ade20k", "task:semantic-segmentation", "metric:miou"),
    ("2", 2, 49.0, "", "model:clip", "benchmark:ade20k", "task:semantic-segmentation", "metric:miou"),
    ("3", 1, None, "", None, "dataset:imagenet", None, "metric:top-1-accuracy"),
    ("5", 1, 71.2, "%", "method:lora", "dataset:imagenet", None, "metric:top-1-accuracy"),
    ("8", 1, 35.1, "%", "model:llama-7b", "benchmark:mmlu", "task:question-answering", "metric:top-1-accuracy"),
    ("92", 1, 76.2, "%", "model:clip", "dataset:imagenet", None, "metric:top-1-accuracy"),
    ("92", 2, 73.3, "%", "model:resnet-50", "dataset:imagenet", None, "metric:top-1-accuracy"),
    ("92", 3, 60.6, "%", "model:moco", "dataset:imagenet", None, "metric:top-1-accuracy"),
    ("91", 1, 88.55, "%", "model:vit", "dataset:imagenet", None, "metric:top-1-accuracy"),
)
_CODE = (
    ("1", "github.com/example-lab/tinyclip-net"),
    ("2", "github.com/o/seg"),
    ("5", "github.com/o/low-rank"),
    ("6", "github.com/o/seg"),
    ("92", "github.com/o/see"),
)
_PAGES = (
    ("2", "https://example.org/vir", "project"),
    ("4", "https://example.org/?q=%22&x='", "other"),
    ("92", "https://huggingface.co/o/see", "model"),
    ("9", "https://huggingface.co/o/see", "model"),
)
_FEEDS = (
    ("january.jsonl", datetime.date(2024, 1, 31), ("1", "3", "4")),
    ("sample", None, ("2", "6", "5", "7", "8", "91", "92", "9")),
)
_AUTHORS = (
    ("ada-example", "Ada Example", ("1", "2", "5")),
    ("bo-o-sample", "Bo O'Sample", ("2", "8")),
    ("kaiming-he", "Kaiming He", ("6", "9", "92")),
)


def fixed_graph() -> GraphRows:
    """The graph's rows, sorted by key."""
    nodes: dict[str, list[dict[str, Any]]] = {node.label: [] for node in NODES}
    edges: dict[tuple[str, str, str], list[dict[str, Any]]] = {
        (kind.name, source, target): [] for kind in RELATIONSHIPS for source, target in kind.pairs
    }
    label_of = {key: label for label, key, _, _ in _THINGS}
    days = {number: day for number, _, day in _PAPERS}

    def edge(kind: str, source: tuple[str, str], target: tuple[str, str], **own: Any) -> None:
        edges[kind, source[0], target[0]].append({"from": source[1], "to": target[1], **own})

    for number, title, day in _PAPERS:
        nodes["Paper"].append(
            {
                "id": f"arxiv:{number}",
                "name": title,
                "title": title,
                "abstract": f"Abstract of paper {number}.",
                "published": day,
                "url": f"https://example.org/{number}",
                "source": "test",
            }
        )
    for label, key, name, aliases in _THINGS:
        naming = sorted({paper for paper, _, thing, _ in _FACTS if thing == key})
        dates = [day for paper in naming if (day := days[paper])]
        nodes[label].append(
            {
                "id": key,
                "name": name,
                "aliases": [name, *aliases],
                "papers": len(naming),
                "first_seen": min(dates, default=None),
            }
        )
    for paper, kind, thing, confidence in _FACTS:
        edge(
            kind,
            ("Paper", f"arxiv:{paper}"),
            (label_of[thing], thing),
            surfaces=[thing, f"{thing}'s"],
            evidence=f"A sentence of paper {paper} that names {thing}.",
            start=3,
            end=8,
            mentions=len(thing) % 3 + 1,
            confidence=confidence,
            extractor="rules",
        )
    for one, other in _VARIANTS:
        edge("VARIANT_OF", ("Model", one), ("Model", other), reason="the name says so")
    for one, other, paper, confidence in _BASED:
        place = {"evidence": f"It is built on {other}.", "start": 2, "end": 9}
        ends = (label_of[one], one), (label_of[other], other)
        edge("BASED_ON", *ends, paper=f"arxiv:{paper}", **place, confidence=confidence)
    for paper, number, value, unit, model, data, task, metric in _RESULTS:
        key = f"arxiv:{paper}#{number}"
        nodes["Result"].append(
            {
                "id": key,
                "name": f"{value}{unit}",
                "value": value,
                "unit": unit,
                "text": f"{value}{unit}",
                "whose": "own" if number == 1 else "baseline",
                "setting": None,
                "elsewhere": None,
                "confidence": 0.5,
            }
        )
        place = {"evidence": f"We reach {value}{unit}.", "start": 9, "end": 14, "confidence": 0.5}
        edge("REPORTS", ("Paper", f"arxiv:{paper}"), ("Result", key), **place)
        of = (("OF_MODEL", model), ("ON_DATASET", data), ("FOR_TASK", task), ("IN_METRIC", metric))
        for kind, thing in of:
            if thing:
                edge(kind, ("Result", key), (label_of[thing], thing))
    for repository in sorted({repository for _, repository in _CODE}):
        host, owner, name = repository.split("/")
        own = {
            "id": repository,
            "name": f"{owner}/{name}",
            "host": host,
            "owner": owner,
            "url": f"https://{repository}",
        }
        nodes["Repository"].append(own)
    for paper, repository in _CODE:
        edge(
            "HAS_CODE", ("Paper", f"arxiv:{paper}"), ("Repository", repository), evidence="Code: here.", start=1, end=5
        )
    for url, kind in sorted({(url, kind) for _, url, kind in _PAGES}):
        nodes["Page"].append({"id": url, "name": url.partition("//")[2], "kind": kind, "url": url})
    for paper, url, _ in _PAGES:
        edge("LINKS_TO", ("Paper", f"arxiv:{paper}"), ("Page", url), evidence="Page: here.", start=1, end=5)
    for name, day, papers in _FEEDS:
        nodes["Feed"].append({"id": name, "name": name, "published": day})
        for rank, paper in enumerate(papers, 1):
            edge("LISTS", ("Feed", name), ("Paper", f"arxiv:{paper}"), rank=rank)
    for key, name, papers in _AUTHORS:
        nodes["Author"].append({"id": key, "name": name})
        for rank, paper in enumerate(papers, 1):
            edge("WROTE", ("Author", key), ("Paper", f"arxiv:{paper}"), rank=rank)
    return GraphRows(
        {label: sorted(rows, key=lambda row: row["id"]) for label, rows in nodes.items()},
        {kind: sorted(rows, key=lambda row: (row["from"], row["to"])) for kind, rows in edges.items()},
    )
