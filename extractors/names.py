"""Names of models, methods, datasets, benchmarks, tasks and metrics, by word lists and the shape of words.

This is the rule pipeline: what a trained one must beat, and what runs where no weights are. A name that is in no list
is found by its shape (`CyclePrompt`, `ViT-G`, `MMBench`) and typed by the words around it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from importlib import resources

from spacy.language import Language
from spacy.tokens import Doc

from extractors.spans import MENTIONS, Candidate, masked_in, text_of
from kg.records import ENTITY_TYPES, EntityType

_LISTS: tuple[tuple[str, EntityType], ...] = (
    ("benchmarks", "Benchmark"),
    ("datasets", "Dataset"),
    ("models", "Model"),
    ("methods", "Method"),
    ("metrics", "Metric"),
)

_TASK_HEADS = (
    "answering|captioning|segmentation|detection|classification|recognition|generation|translation|summarization|"
    "retrieval|estimation|synthesis|tracking|parsing|completion|inpainting|restoration|super-resolution|denoising|"
    "editing|forecasting|reconstruction|re-identification|localization|grounding|linking|disambiguation|tagging|"
    "labeling|modeling|modelling|matting|colorization|navigation|manipulation|verification|adaptation|customization|"
    "stylization|transcription|diarization|comprehension"
)
_TASK_WORDS = (
    "visual|image|video|text|semantic|instance|panoptic|object|action|speech|machine|question|depth|pose|face|human|"
    "language|named|entity|relation|sentiment|document|scene|point|cloud|medical|open-vocabulary|zero-shot|few-shot|"
    "image-text|text-to-image|text-to-video|image-to-image|cross-modal|video-text|music|audio|code|dialogue|domain|"
    "test-time|unsupervised|optical|flow|3D|2D|anomaly|out-of-distribution|node|graph|link|knowledge|referring|"
    "expression|multi-object|monocular|novel|view|style|sound|event|temporal|lane|salient|fine-grained|long-tailed|"
    "automatic|reading|natural|story|table|layout|sequence|product|keypoint|hand|gaze|emotion|robot|robotic|robust"
)
_TASK = re.compile(rf"(?<![\w-])(?:(?:{_TASK_WORDS})[ -]){{1,4}}(?:{_TASK_HEADS})(?![\w-])", re.IGNORECASE)
# A word that looks like a name: a capital after its first letter, or capitals and digits together.
_SHAPE = re.compile(
    r"(?<![\w/@.-])(?=[\w+-]*[A-Z])(?:[A-Z][a-z0-9]*[A-Z]\w*|[a-z]+[A-Z]\w*|[A-Za-z]+\d\w*|[A-Z]\w*-\d\w*)"
    r"(?:[-+][A-Za-z0-9]+(?:\.\d+)?)*\+*(?![\w/@-])"
)
_GENERIC = re.compile(
    r"^(?:(?:[A-Z]?LLM|VLM|LMM|LVLM|MLLM|CNN|DNN|RNN|GNN|GAN|NLP|NLU|NLG|AI|AGI|GPU|TPU|CPU|API|CV|ML|DL|RL|SSL|OOD|"
    r"T2I|T2V|I2V|V2V|VL|VLP|PEFT|ICL|SOTA|SoTA|VFM|ID|UI|GUI|RGB|RGB-D|LiDAR|IoT|2D|3D|4D|1D|MRI|CT|EEG|fMRI|EHR|"
    r"QA|MT|SFT|KG|DM|LM|PLM|FM|PDF|HTML|SQL|JSON|XML|URL|NP|II|III|IV|USA|US|UK|EU|COVID-19|GitHub|YouTube|arXiv|"
    r"ID|VR|AR|XR|SDK|OCR|NeurIPS|CVPR|ICLR|ICML|ACL|EMNLP|ICCV|ECCV)s?|[A-Z]|[A-Z][a-z]?\d?|[A-Z][a-z]+(?:-[A-Z]?[a-z]+)+)$"
)
_ORDINARY_PARTS = re.compile(
    r"^(?:non|pre|post|multi|cross|self|semi|re|co|sub|inter|intra|anti|few|zero|one|two)-", re.IGNORECASE
)


@functools.cache
def _listed() -> tuple[re.Pattern[str], dict[str, EntityType]]:
    """One pattern over all listed names, longest first, and the type of each."""
    types: dict[str, EntityType] = {}
    for name, entity_type in _LISTS:
        text = resources.files("extractors").joinpath("terms", f"{name}.txt").read_text(encoding="utf-8")
        for term in text.splitlines():
            types.setdefault(term, entity_type)
    terms = sorted(types, key=lambda term: (-len(term), term))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, terms))})(?:s(?=\W|$))?(?![\w-])"), types


def find_names(text: str, masked: list[tuple[int, int]] | None = None) -> list[Candidate]:
    """Typed, disjoint spans of the names in `text`, in order; nothing inside the `masked` stretches (links)."""
    taken: list[tuple[int, int]] = list(masked or [])
    found: list[Candidate] = []
    for span in (*_from_lists(text), *_tasks(text), *_shapes(text)):
        if not any(span.start < end and start < span.end for start, end in taken):
            taken.append((span.start, span.end))
            found.append(span)
    return sorted(found)


def _sure(start: int, end: int, kind: EntityType, confidence: float) -> Candidate:
    return Candidate(start, end, kind, tuple(confidence if kind == other else 0.0 for other in ENTITY_TYPES))


def _from_lists(text: str) -> Iterator[Candidate]:
    pattern, types = _listed()
    for match in pattern.finditer(text):
        # A listed name with a size or version tail is one longer name: "LLaMA" in "LLaMA-7B".
        name = match.group()
        yield _sure(match.start(), match.end(), types.get(name) or types[name[:-1]], 0.7)


def _tasks(text: str) -> Iterator[Candidate]:
    for match in _TASK.finditer(text):
        yield _sure(match.start(), match.end(), "Task", 0.6)


def _shapes(text: str) -> Iterator[Candidate]:
    for match in _SHAPE.finditer(text):
        name = match.group()
        if len(name) < 3 or _GENERIC.match(name) or _ORDINARY_PARTS.match(name):
            continue
        yield _sure(match.start(), match.end(), guess_type(text, match.start(), match.end()), 0.45)


def guess_type(text: str, start: int, end: int) -> EntityType:
    """The type of an unlisted name, by its own ending and the words around it."""
    name = text[start:end]
    after = text[end : end + 40].lower()
    if re.search(r"(?:bench|eval|arena|glue)(?:-?\d+|-?v\d)?$", name, re.IGNORECASE):
        return "Benchmark"
    if re.match(r"\s+(?:\w+\s+)?(?:benchmark|challenge|leaderboard)", after):
        return "Benchmark"
    if re.match(r"\s+(?:\w+\s+)?(?:data ?sets?|corpus|corpora|collection)\b", after):
        return "Dataset"
    if re.match(r"\s+(?:metric|score)\b", after):
        return "Metric"
    if re.search(r"(?:qa|caps?|vid|\dm|-\d+k)$", name, re.IGNORECASE) and not name.endswith("B"):
        return "Dataset"
    if re.search(r"(?:Net|former|GPT|LM|BERT|LLaMA|LLaVA|CLIP|ViT|SAM|GAN|NeRF|-\d+(?:\.\d+)?[BM])", name):
        return "Model"
    if re.match(r"\s+(?:model|network|backbone|encoder|architecture)s?\b", after):
        return "Model"
    return "Method"


@Language.component("kg_names")
def names(doc: Doc) -> Doc:
    """Store the mentions; runs after the links."""
    doc.user_data[MENTIONS] = find_names(text_of(doc), masked_in(doc))
    return doc
