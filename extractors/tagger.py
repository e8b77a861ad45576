"""The trained tagger: typed names, and for each a distribution over the roles it may have towards the paper.

An int8 MiniLM encoder run by `onnxruntime`, one text at a time on one thread: quantisation measures the range of the
activations over all that runs together, so a batch of texts would make a text's result depend on its neighbours.
Texts run side by side in threads instead.
"""

from __future__ import annotations

import functools
import gzip
import json
import os
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.tokens import Doc

from extractors.encode import counts, encode
from extractors.labels import LABELS, Floats, best_labels, label_runs
from extractors.lexicon import Lexicon, apply_lexicon
from extractors.metrics import measured
from extractors.spans import CALIBRATION, MENTIONS, Candidate, text_of
from kg.records import ENTITY_TYPES, ROLES

# The encoder has places for 512 word pieces; a longer text is read in windows that overlap by 128.
_WINDOW, _STRIDE = 512, 384


@dataclass(frozen=True, slots=True)
class Settings:
    """What was chosen on the development part: see the model card."""

    bias: float  # added to the score of "no name"
    slope: float = 1.0  # of the log odds of a raw confidence
    offset: float = 0.0
    boost: tuple[float, ...] = (0.0,) * len(ENTITY_TYPES)  # added to the scores of each type


class Tagger:
    """The network with its tokenizer and tables, from a folder of weights."""

    def __init__(self, folder: Traversable) -> None:
        # Loaded here, not at import: `import extractors` should not wait for the runtime.
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # The fused operator that this switches off takes three times as long as its parts (measured on 1.32).
        self._session = onnxruntime.InferenceSession(
            folder.joinpath("tagger.onnx").read_bytes(),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],
        )
        self._tokenizer: Any = Tokenizer.from_buffer(gzip.decompress(folder.joinpath("tokenizer.json.gz").read_bytes()))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._frequencies: Mapping[str, int] = _json(folder, "frequencies.json.gz")
        self._lexicon = Lexicon(_json(folder, "lexicon.json.gz"))
        self.settings = Settings(**_json(folder, "settings.json.gz"))

    def __call__(self, text: str) -> list[Candidate]:
        """The names of `text`, in order and disjoint."""
        words, labels, roles = self.scores(text)
        found = apply_lexicon(text, candidates(words, labels, self.settings), self._lexicon)
        found += measured(text, [(c.start, c.end) for c in found])
        return [with_roles(candidate, words, roles) for candidate in sorted(found)]

    def scores(self, text: str) -> tuple[list[tuple[int, int]], Floats, Floats]:
        """Offsets of the words (w), and log probabilities of labels (w, 13) and roles (w, 6)."""
        encoded = encode(self._tokenizer, text, self._frequencies)
        count = len(encoded.words)
        labels, roles = np.zeros((count, len(LABELS)), np.float32), np.zeros((count, len(ROLES)), np.float32)
        pieces = np.zeros((count, 1), np.float32)
        shape = counts(encoded.features)
        for start in range(0, max(1, len(encoded.ids) - (_WINDOW - _STRIDE)), _STRIDE):
            window = slice(start, start + _WINDOW)
            ids = encoded.ids[None, window]
            of_label, of_role = self._session.run(None, {"ids": ids, "shape": shape[None, window]})
            word = encoded.word_of_piece[window]
            inside = word >= 0
            np.add.at(labels, word[inside], of_label[0][inside])
            np.add.at(roles, word[inside], of_role[0][inside])
            np.add.at(pieces, word[inside], 1)
        words = list(zip(*encoded.words.T.tolist(), strict=True))
        return words, _log_softmax(labels / np.maximum(pieces, 1)), _log_softmax(roles / np.maximum(pieces, 1))


def candidates(words: list[tuple[int, int]], labels: Floats, settings: Settings) -> list[Candidate]:
    """Names from scores by word; bias and boost are added to the log probabilities before the best labels are sought.

    The masses of a candidate are the mean probabilities of the six types over its words.
    """
    shifted = labels.copy()
    shifted[:, 0] += settings.bias
    shifted[:, 1:] += np.repeat(np.array(settings.boost, np.float32), 2)
    found = []
    of_type = np.exp(labels[:, 1:]).reshape(len(words), len(ENTITY_TYPES), 2).sum(2)
    for first, last, kind in label_runs(best_labels(shifted)):
        found.append(Candidate(words[first][0], words[last - 1][1], kind, _mean(of_type[first:last])))
    return found


def with_roles(candidate: Candidate, words: list[tuple[int, int]], roles: Floats) -> Candidate:
    """The candidate with the mean probabilities of the six roles over its words."""
    # Words are in order and disjoint, so those that overlap the candidate stand side by side.
    first = bisect_right(words, candidate.start, key=lambda word: word[1])
    last = bisect_left(words, candidate.end, key=lambda word: word[0])
    if first >= last:
        return candidate
    return candidate._replace(roles=_mean(np.exp(roles[first:last])))


class TaggerComponent:
    """The tagger as a component; the network is loaded with the first text."""

    def __init__(self) -> None:
        self._tag: Tagger | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Store the mentions of one text."""
        tag = self._loaded()
        return _tagged(doc, tag, tag(text_of(doc)))

    def use(self, tag: Tagger) -> None:
        """Read with another tagger than the one that comes with the package: for training."""
        self._tag = tag

    def pipe(self, docs: Iterable[Doc], batch_size: int = 64) -> Iterator[Doc]:
        """The same for a stream of texts, up to `batch_size` of them under way at once; the order stays."""
        tag = self._loaded()
        # One more than there are cores: a thread that waits for Python's lock leaves its core to another.
        with ThreadPoolExecutor(max_workers=cores() + 1) as pool:
            under_way: deque[tuple[Doc, Future[list[Candidate]]]] = deque()
            for doc in docs:
                under_way.append((doc, pool.submit(tag, text_of(doc))))
                if len(under_way) == batch_size:
                    yield _finished(*under_way.popleft(), tag)
            while under_way:
                yield _finished(*under_way.popleft(), tag)

    def _loaded(self) -> Tagger:
        if self._tag is None:
            self._tag = shipped()
        return self._tag


@functools.cache
def shipped() -> Tagger:
    """The tagger whose weights come with the package."""
    return Tagger(resources.files("extractors").joinpath("weights"))


@Language.factory("kg_tagger")
def make_tagger(nlp: Language, name: str) -> TaggerComponent:  # noqa: ARG001 - spaCy passes both
    """The component that stores typed names with their roles."""
    return TaggerComponent()


def cores() -> int:
    """How many cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _log_softmax(scores: npt.NDArray[np.floating[Any]]) -> Floats:
    if not len(scores):
        return scores.astype(np.float32)
    shifted = scores - scores.max(-1, keepdims=True)
    result: Floats = (shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))).astype(np.float32)
    return result


def _mean(chances: npt.NDArray[np.floating[Any]]) -> tuple[float, ...]:
    return tuple(round(chance, 4) for chance in (np.add.reduce(chances, 0) / len(chances)).tolist())


def _finished(doc: Doc, found: Future[list[Candidate]], tag: Tagger) -> Doc:
    return _tagged(doc, tag, found.result())


def _tagged(doc: Doc, tag: Tagger, found: list[Candidate]) -> Doc:
    doc.user_data[MENTIONS] = found
    doc.user_data[CALIBRATION] = tag.settings
    return doc


def _json(folder: Traversable, name: str) -> Any:
    return json.loads(gzip.decompress(folder.joinpath(name).read_bytes()))
