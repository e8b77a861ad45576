"""Dates in every common form; of a month or a year alone the first day, which is what the graph holds for one."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

# The first letters of the months, without case and accents, in the languages that sources write them in.
_NAMES: tuple[tuple[str, ...], ...] = (
    ("jan", "ene", "gen"),
    ("feb", "fev", "fév", "febr"),
    ("mar", "mär", "mrz", "maerz"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mag", "maj"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aoû", "aou", "ago"),
    ("sep", "set"),
    ("oct", "okt", "ott", "out"),
    ("nov",),
    ("dec", "dez", "déc", "dic", "des"),
)
_WHOLE = (
    "january januar janvier enero gennaio janeiro",
    "february februar fevrier février febrero febbraio fevereiro",
    "march märz maerz mars marzo março marco",
    "april avril abril aprile",
    "may mai mayo maggio maio maj",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august août aout agosto",
    "september sept septembre septiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december dezember décembre decembre diciembre dicembre dezembro",
)
_MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names} | {
    name: number for number, names in enumerate(_WHOLE, 1) for name in names.split()
}
_NAME = rf"(?<![^\W\d_])({'|'.join(sorted(_MONTHS, key=lambda name: -len(name)))})(?![^\W\d_])\.?"
_YEAR = r"(?<![\d.])([12]\d{3})(?![\d])"
_DAY = r"(\d{1,2})(?:st|nd|rd|th|er|º)?(?!\d)\.?"
_GAP = r"[\s,./~_-]*(?:of\s+|de\s+|del\s+)?"
_TO = r"(?:\s*(?:[-–—/&]+|to|and)\s*)"
_ISO = re.compile(r"\s*([12]\d{3})-(\d{2})-(\d{2})(?!\d)")
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), groups)
    for pattern, groups in (
        (rf"{_YEAR}\s*[-/.]\s*(\d{{1,2}})\s*[-/.]\s*(\d{{1,2}})(?!\d)", "ymd"),
        (rf"{_YEAR}/(\d{{1,2}})//", "ym"),  # RIS: year, month, no day, and words
        (r"(?<!\d)([12]\d{3})(\d{2})(\d{2})(?:T?\d{4,6}Z?)?(?!\d)", "ymd"),
        (r"([12]\d{3})\s*年\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?", "ymd"),
        # 14-16 March 2025, 14 Mar - 3 Apr 2025: the first day
        (
            rf"(?<!\d){_DAY}(?:{_TO}\d{{1,2}}\.?)?{_GAP}{_NAME}(?:{_TO}(?:\d{{1,2}}\.?\s*)?{_NAME})?{_GAP}{_YEAR}",
            "dm_y",
        ),
        (rf"{_NAME}{_GAP}(?<!\d){_DAY}(?:{_TO}(?:{_NAME}\s*)?\d{{1,2}}(?!\d))?{_GAP}{_YEAR}", "md_y"),
        (rf"{_YEAR}{_GAP}{_NAME}(?:{_TO}{_NAME})?{_GAP}(?<!\d){_DAY}", "ym_d"),
        (rf"{_YEAR}{_GAP}(?<!\d){_DAY}{_GAP}{_NAME}", "ydm"),
        # Fri Mar 14 10:00:00 UTC 2025
        (rf"{_NAME}\s+{_DAY}\s+\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:\s+[A-Z+\d:-]{{1,6}})?\s+{_YEAR}", "mdy"),
        (rf"{_NAME}(?:{_TO}{_NAME})?{_GAP}{_YEAR}", "m_y"),
        (rf"{_YEAR}{_GAP}{_NAME}", "ym"),
        (r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?([12]\d{3})(?!\d)", "dmy"),
        (r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{2})(?!\d)", "dmY"),
        (rf"(?<!\d)(\d{{1,2}})-{_NAME}-(\d{{2}})(?!\d)", "dmY"),
        (rf"(?<!\d)(\d{{1,2}})\s*[/-]\s*(\d{{1,2}})\s*[/-]\s*{_YEAR}", "??y"),
        (rf"{_YEAR}[-/](\d{{1,2}})(?!\d)", "ym"),
        (rf"(?<![\d/])(\d{{1,2}})[/-]{_YEAR}", "my"),
        (r"(?<!\d)([12]\d{3})(0[1-9]|1[0-2])(?!\d)", "ym"),
        (r"(?<![\d.])([12]\d{3})(?:\.0)?(?![\d])", "y"),
    )
)
_EPOCH = re.compile(r"\d{9,16}(?:\.\d+)?")
_NOT_A_DATE = re.compile(
    r"\W*(?:n\.?\s?d\.?|no date|undated|in press|to appear|forthcoming|submitted|accepted|under review|in review"
    r"|unpublished|preprint|n\s*/?\s*a|nan|nat|none|null|unknown|tba|tbd|s\.?\s?d\.?)?[\s.\W0]*",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"arxiv:\S+|doi:\S+|https?://\S+", re.IGNORECASE)
_MONTH_ALONE = re.compile(
    rf"(?:(?<!\d){_DAY}(?:{_TO}\d{{1,2}}\.?)?{_GAP})?{_NAME}(?:{_TO}{_NAME})?(?:[\s~.,-]*(?<!\d){_DAY})?", re.IGNORECASE
)
_LONGEST = 120


def day_of(*values: Any) -> datetime.date | None:
    """The day of the first of `values` (text, numbers, objects, dates) that tells one; None where none does.

    A month and day without a year takes it from the others.
    """
    return day_or_note(*values)[0]


def day_or_note(*values: Any) -> tuple[datetime.date | None, str]:
    """As `day_of`, with the text that was not understood, or not wholly; "" where all was."""
    unclear, partial = "", ""
    for index, value in enumerate(values):
        if type(value) is str and (match := _ISO.match(value)):  # nearly always
            try:
                return datetime.date(int(match[1]), int(match[2]), int(match[3])), ""
            except ValueError:
                pass
        day, sure = _day(value)
        if day is None and isinstance(value, str) and (day := _with_year(value, values[index + 1 :])):
            sure = True
        if day is None:
            unclear = unclear or _unclear(value)
        elif sure:
            return day, ""
        else:
            return day, _shown(value)
    return None, unclear or partial


def _with_year(text: str, others: Sequence[Any]) -> datetime.date | None:
    """A month, or month and day, of the year that another value gives."""
    found = _MONTH_ALONE.search(text) if len(text) < _LONGEST else None
    if not found:
        return None
    for other in others:
        year, _ = _day(other)
        if year and (year.month, year.day) == (1, 1):
            month = _MONTHS[found.group(2).lower()]
            day = found.group(1) or found.group(4)
            return _date(year.year, month, int(day) if day else 1)[0]
    return None


def _unclear(value: Any) -> str:
    """What to say of a value that is no date: nothing where it is empty, or says itself that there is none."""
    if value is None or isinstance(value, (bool, list, dict)):
        return ""
    text = str(value).strip()
    return "" if _NOT_A_DATE.fullmatch(text[:_LONGEST]) else _shown(text)


def _shown(value: Any) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in str(value)[:_LONGEST]).split())[:60]


def _day(value: Any) -> tuple[datetime.date | None, bool]:
    """The day, and whether all of the value was understood."""
    if isinstance(value, datetime.datetime):
        return value.date(), True
    if isinstance(value, datetime.date):
        return value, True
    if isinstance(value, bool) or value is None:
        return None, True
    if isinstance(value, (int, float)):
        return (None, True) if not math.isfinite(value) or abs(value) > 1e17 else _number(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, list) and value:
        return _parts(value[0]) if isinstance(value[0], list) else _parts(value)
    return None, True


def _number(value: float) -> tuple[datetime.date | None, bool]:
    whole = int(value)
    if 10_000_000 <= whole <= 99_999_999 or 1000 <= whole <= 2999 or 100_000 <= whole <= 299_912:
        return _text(str(whole))
    return _epoch(value), True


def _epoch(value: float) -> datetime.date | None:
    """Seconds, milliseconds or microseconds since 1970."""
    for factor in (1, 1_000, 1_000_000):
        if 1e8 <= value / factor < 5e9:
            return datetime.datetime.fromtimestamp(value / factor, datetime.UTC).date()
    return None


def _mapping(value: Mapping[str, Any]) -> tuple[datetime.date | None, bool]:
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list) and (found := _parts(parts[0]))[0]:
        return found
    for key in ("date-time", "raw", "literal", "value", "$date", "date", "iso"):
        if (inner := value.get(key)) and not isinstance(inner, Mapping) and (found := _day(inner))[0]:
            return found
    return _parts([value.get("year"), value.get("month"), value.get("day")])


def _parts(parts: Sequence[Any]) -> tuple[datetime.date | None, bool]:
    texts = [
        str(part).strip() for part in parts[:3] if part not in (None, "") and not isinstance(part, (bool, list, dict))
    ]
    if not texts or not re.fullmatch(r"[12]\d{3}(?:\.0)?", texts[0]):
        return None, True
    numbers = [
        int(text) if text.isascii() and text.isdigit() and len(text) < 5 else _MONTHS.get(text.lower(), 0)
        for text in texts[1:]
    ]
    return _date(int(float(texts[0])), *numbers)


def _text(text: str) -> tuple[datetime.date | None, bool]:
    text = text.strip()[:_LONGEST]
    if _EPOCH.fullmatch(text) and not (len(text) == 14 and text[:2] in ("19", "20")):
        return _epoch(float(text)), True
    if ":" in text:
        text = _PREFIX.sub(" ", text)
    for pattern, groups in _FORMS:
        if found := pattern.search(text):
            return _of_groups(found.groups(), groups)
    return None, True


def _of_groups(values: Sequence[str | None], groups: str) -> tuple[datetime.date | None, bool]:
    if "?" in groups:
        first, second, year = (int(value or 0) for value in values)
        if first == second or first > 12 or second > 12:
            day, month = (first, second) if first > 12 or first == second else (second, first)
            return _date(year, month, day)
        return datetime.date(year, 1, 1), False  # the day and the month cannot be told apart
    named = {group: value for group, value in zip(groups, values, strict=False) if group != "_"}
    if "Y" in named:
        short = int(named["Y"] or 0)
        named["y"] = str(short + (2000 if short < 70 else 1900))
    name = named.get("m") or ""
    numbers = [int(name) if name.isdigit() else _MONTHS.get(name.lower(), 0), int(named.get("d") or 0)]
    return _date(int(named["y"] or 0), *numbers)


def _date(year: int, month: int = 0, day: int = 0) -> tuple[datetime.date | None, bool]:
    """The day; where the day or the month is none that there is, what is known."""
    if not 1 <= year <= 9999:
        return None, True
    if not 1 <= month <= 12:
        return datetime.date(year, 1, 1), True
    try:
        return datetime.date(year, month, day or 1), True
    except ValueError:
        return datetime.date(year, month, 1), False
