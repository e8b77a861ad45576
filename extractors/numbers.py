# ruff: noqa: E501 - patterns and lists that a line break would only hide
"""The numbers of a text: where they stand, their unit, what they are worth, and which are plainly no scores.

A difference, a ratio, a threshold, a count, a year or a supposition is told by the words beside it. These kinds are
never claimed; how many annotated results each of them would cost is in the model card.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# Digits with thousands, a decimal point or a decimal comma; no part of a word, a version, a name or an exponent.
NUMBER = re.compile(
    r"(?<![\w.,@^_\-‐‑–])(?:\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+,\d{1,2}(?![\d,])|\d+(?:\.\d+)?|\.\d+)"
    r"(?!\w*@|\.\d)"
)
_UNIT = re.compile(
    r"(?:\s|~|\\,|\\ |\})*\$?(?:\\?%|(?:\s|\\text\{|\\mathrm\{|\\)*(?:percent(?:age)?(?: points?)?|dB|mm|cm|ms|s|fps|FPS|GB|MB|pp|pts?"
    r"|points?|x|×|times|fold|hours?|hrs?|minutes?|days?|seconds?|K|M|B|k|T)\b|\$?\\times)"
)
_CHARACTERS = re.compile(r"[\\${}~\s]|\b(?:text|mathrm|mathbf|bf)\b")
# What may stand right behind a number without a space and leaves it a number: a metric, as in "23.29mAP".
_GLUED = re.compile(r"[A-Za-z](?<!\be)")
_METRIC_GLUED = re.compile(r"(?:m?AP|F1|BLEU|IoU|FID|WER|PSNR)")

_ADVERBS = r"(?:(?:just|only|about|around|approximately|nearly|almost|roughly|over|up to|more than|at least|as much as|as few as|less than|under|below|above|exceeding|an? additional|another|a further|an average of|an average|a total of|a mean of|even|merely|~|\\sim|≈|\\approx|\$) ?)*"
_MARKS = r"(?:\$|\\mathbf\{|\\textbf\{|\*\*|\(|\{|\\,|~)*"
_CHANGE = (
    r"(?:improv|increas|decreas|reduc|boost|gain|drop|declin|lower|cut|sav|degrad|shrink|shr[au]nk|slow|accelerat)\w*"
)
_DIFFERENCE_BEFORE = re.compile(
    rf"(?:\bby(?: an?)?(?: absolute| relative| average| mean| large| significant| substantial)*(?: margin| factor)?(?: of)? {_ADVERBS}"
    rf"|[±∓] ?|[+Δ]|\\pm ?|\\Delta ?=? ?|\bplus "
    rf"|\b{_CHANGE}(?: in (?!from\b)(?:(?!from\b|to\b)[\w-]+ ?){{1,4}})?(?: of| by| ranging from| between)? {_ADVERBS}(?:(?:absolute|relative) )?"
    rf"|\b(?:gap|margin|difference|delta|advantage|lead|penalty|degradation|uplift|lift|savings?|speed-?ups?)s?(?: in [\w -]{{1,30}})? (?:is |was |being )?(?:of |by |to )?{_ADVERBS}"
    rf"|\bcost(?:s|ing)? {_ADVERBS}|\bwithin {_ADVERBS}|\bcosts only )"
    rf"{_MARKS}$",
    re.IGNORECASE,
)
_DIFFERENCE_AFTER = re.compile(
    r"[\s$}\-~]*(?:\(?(?:absolute|relative|percentage|average|overall|mean|performance|accuracy)\)?[\s-]*(?:points?\s)?){0,2}"
    r"(?:[\w@-]+ ){0,2}?(?:improvements?|gains?|increases?|decreases?|reductions?|boosts?|drops?|declines?|savings?|uplifts?|degradations?"
    r"|speed-?ups?|gaps?|losses)\b"
    r"|[\s$}\-~]*(?:\(?(?:absolute|relative)\)?\s)?(?:[\w-]+ )?(?:higher|lower|better|worse|faster|slower|more|fewer|less|larger|smaller|greater|shorter|cheaper|above|below|behind|over (?!all\b|the (?:course|test|entire|whole|full)))\b"
    r"|[\s$}\-~]*(?:absolute|relative)\b",
    re.IGNORECASE,
)
_SHARE_AFTER = re.compile(
    r"[\s$}]*of (?:the |its |their |all |all the |our )*(?:\w+['’]s |[\w-]+ ){0,3}?(?:performance|accuracy|quality|gains?|labels?|labell?ed|data|training|annotations?"
    r"|samples?|parameters?|weights|tokens?|cost|compute|computation|memory|budget|FLOPs|size|baseline|teacher|oracle|original|upper bound)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"[\s$}~-]*(?:[a-z][\w/-]*[ -]){0,2}?(?:epochs?|steps?|iterations?|layers?|heads?|GPUs?|days?|weeks?|months?|years?|hours?|minutes?"
    r"|samples?|images?|videos?|clips?|classes|languages?|questions?|tasks?|data ?sets?|benchmarks?|models?|LLMs?|participants?|patients?|subjects?|users?"
    r"|annotators?|experts?|experiments?|categories|domains?|tokens?|words?|sentences?|documents?|papers?|pairs?|examples?|instances?|frames"
    r"(?! per)|seeds?|runs?|folds?|shots?|trials?|parameters?|params?|queries|prompts?|annotations?|scenes?|objects?|scenarios?|problems?(?! \()"
    r"|dialogues?|conversations?|countries|cities|sites?|hospitals?|institutions?|environments?|cases|settings?|methods?|baselines?"
    r"|agents?|students?|views?|points? clouds?|nodes|edges|records?|items?|people|speakers?|times|attempts|rounds?|turns?|pages?|tables?|comparisons)\b",
)
_THRESHOLD_BEFORE = re.compile(
    r"(?:\bIoU\s?(?:thresholds? ?(?:of|at|=)?|@|[=>≥])[\s$]*$)|(?:\b(?:thresholds?|tolerances?|cut-?offs?|temperature|alpha|beta|gamma|lambda|epsilon|sigma|significance|level|learning rate|batch size|sparsity"
    r"|noise|factor|scale|resolution|rank|probability|CFG|guidance|FPR|p|P|k|K|n|N|t|ε|λ|σ|τ)|\\(?:epsilon|lambda|tau|sigma|delta))"
    r"(?:\s?(?:threshold|level|value|scale)s?)?[\s$]*(?:of |at |set to |[=<>≤≥@]|\\(?:leq?|geq?|approx)|\\?[<>]=?)[\s$]*$"
    r"|(?:[<>≤≥]|\\leq?|\\geq?)[\s$]*$"
    r"|\b(?:[pP]|n|N)[\s-]*(?:values?)?[\s$]*[=<>][\s$]*$"
)
_HYPOTHESIS = re.compile(
    r"\b(?:could|would|might|(?:we|is|are) expect(?:ed)?|hope|theoretical|upper bound|hypothetical|target(?:s|ing)? (?:of|an?)|aims? (?:to|at)"
    r"|random (?:classifier|guess(?:ing)?|chance|baseline)|chance(?:[- ]level)?(?: of| is| at|,|\()|by chance)\b[^;]*$",
    re.IGNORECASE,
)
_TURN = re.compile(r"[;:](?!\d)|, (?:but|while|whereas|yet|and (?:it|we)|in practice)\b|\bbut\b|\bwhereas\b")
_INTERVAL_BEFORE = re.compile(
    r"(?:\bCIs?\b\s?\)?[\s:=,\[($]*(?:of |is |from )?(?:[\d.]+%?[\s,;–-]+)?|\bbetween [^,;]{0,20}|\brang(?:e|es|ing) (?:from|between) [^,;]{0,25}|\[[\d.\s,%]*)$",
    re.IGNORECASE,
)
_INTERVAL_AFTER = re.compile(
    r"[\s$}\\]*(?:confidence|CIs?\b|credible|prediction interval|coverage guarantee)|(?:\\?%)?[\s$]*(?:--?|–|—|~)[\s$]*\d",
    re.IGNORECASE,
)
_COST_BEFORE = re.compile(r"[€£](?:\s|$)|(?<!\\)\bUSD\s?$")
_COST_AFTER = re.compile(r"\s?(?:[GMT]?(?:FLOPs?|MACs)|k?J\b|dollars|USD|euros|kWh|tCO2|GPU[- ]hours?)\b")
_MONEY = re.compile(r"(?:\\\$|(?:^|[\s(~])\$)$")
_UNITS = {
    "x": "ratio", "×": "ratio", "times": "ratio", "fold": "ratio", "pp": "difference", "point": "difference", "points": "difference",
    "pt": "difference", "pts": "difference", "percentage points": "difference", "percent points": "difference", "percentagepoints": "difference",
    "percentagepoint": "difference", "percentpoints": "difference",
    "K": "count", "M": "count", "B": "parameters", "T": "count", "k": "count", "days": "time", "day": "time", "hours": "time", "hour": "time",
}  # fmt: skip


class Figure(NamedTuple):
    """A number of the text: its place with and without the unit, its text as a value, its unit.

    `kind` is empty where it may be a score, else what it is.
    """

    start: int
    stop: int
    end: int
    text: str
    unit: str
    kind: str


def figure_at(text: str, position: int, first: int, last: int) -> Figure | None:
    """The number that begins at `position` of the sentence from `first` to `last`, or None."""
    match = NUMBER.match(text, position)
    if not match or match.end() > last:
        return None
    unit = _UNIT.match(text, match.end(), last)
    glued = _GLUED.match(text, match.end()) if not unit else None
    if glued and not _METRIC_GLUED.match(text, match.end()):
        return None
    end = unit.end() if unit else match.end()
    tail = _CHARACTERS.sub("", text[match.end() : end])
    return Figure(
        match.start(), match.end(), end, match.group() + tail, tail, _kind(text, match, tail, end, first, last)
    )


def _kind(text: str, match: re.Match[str], unit: str, end: int, first: int, last: int) -> str:
    before = text[max(first, match.start() - 70) : match.start()]
    after = text[end : min(last, end + 60)]
    if unit in _UNITS:
        return _UNITS[unit]
    digits = match.group()
    if len(digits) == 4 and digits[:2] in ("19", "20") and not unit and digits.isdigit():
        return "year"
    if _COST_BEFORE.search(before) or _COST_AFTER.match(after) or (_MONEY.search(before) and "$" not in after[:12]):
        return "cost"
    if _THRESHOLD_BEFORE.search(before):
        return "threshold"
    if _INTERVAL_BEFORE.search(before) or _INTERVAL_AFTER.match(after):
        return "interval"
    if _DIFFERENCE_AFTER.match(after) or _DIFFERENCE_BEFORE.search(before):
        return "difference"
    if unit in ("%", "percent") and _SHARE_AFTER.match(after):
        return "share"
    if not unit and "." not in digits and _COUNTED.match(after):
        return "count"
    clause = text[max(first, match.start() - 160) : match.start()]
    turns = list(_TURN.finditer(clause))
    if _HYPOTHESIS.search(clause[turns[-1].end() :] if turns else clause):
        return "hypothesis"
    return ""


def value_of(text: str) -> float | None:
    """What the first number in `text` is worth: `"1,024 ms"` 1024, `"28,4"` 28.4, `"1.234,5"` 1234.5, `".87"` 0.87."""
    match = re.search(r"\d[\d.,]*|\.\d+", text)
    if not match:
        return None
    digits = match.group().rstrip(".,")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+", digits):
        digits = digits.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d+,\d{1,2}", digits):
        digits = digits.replace(",", ".")
    try:
        return float(digits.replace(",", ""))
    except ValueError:
        return None
