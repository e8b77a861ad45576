"""The values of openCypher and what it says of them: equality, comparison, order, arithmetic.

Null is None; a node is `NodeValue`, a relationship `RelationshipValue`, a path `PathValue`, a day `datetime.date`.
"""

from __future__ import annotations

import calendar
import datetime
import math
import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


class ValueProblem(Exception):  # noqa: N818 - becomes a QueryError with its place
    """What is wrong with a value, and what to write instead."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(problem)
        self.problem, self.advice = problem, advice


@dataclass(slots=True, eq=False)
class NodeValue:
    """A node: `key` tells it from all others, `properties` holds those that the statement needs."""

    label: str
    key: str
    properties: dict[str, Any]


@dataclass(slots=True, eq=False)
class RelationshipValue:
    """A relationship; `start` and `end` are the keys of its nodes."""

    type: str
    key: tuple[int, int]
    start: str
    end: str
    properties: dict[str, Any]
    ends: tuple[NodeValue, NodeValue] | None = None


@dataclass(slots=True, eq=False)
class PathValue:
    """Nodes, and the relationships between them."""

    nodes: list[NodeValue]
    relationships: list[RelationshipValue]


@dataclass(frozen=True, slots=True)
class Duration:
    """Months, days, seconds and nanoseconds, which do not turn into each other."""

    months: int = 0
    days: int = 0
    seconds: int = 0
    nanoseconds: int = field(default=0)

    def __str__(self) -> str:
        years, months = abs(self.months) // 12, abs(self.months) % 12
        sign = "-" if self.months < 0 else ""
        text = (f"{sign}{years}Y" if years else "") + (f"{sign}{months}M" if months else "")
        text += f"{self.days}D" if self.days else ""
        total = self.seconds * 10**9 + self.nanoseconds
        minus, total = "-" if total < 0 else "", abs(total)
        whole, part = divmod(total, 10**9)
        hours, minutes, seconds = whole // 3600, whole // 60 % 60, whole % 60
        time = (f"{minus}{hours}H" if hours else "") + (f"{minus}{minutes}M" if minutes else "")
        if seconds or part:
            time += f"{minus}{seconds}" + (f".{part:09d}".rstrip("0") if part else "") + "S"
        return "P" + text + (f"T{time}" if time else "") if text or time else "PT0S"


def is_number(value: Any) -> bool:
    """Whether `value` is a whole number or a float."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def kind_of(value: Any) -> str:
    """What a value is, in plain words."""
    if isinstance(value, bool):
        return "true or false"
    for types, name in _KINDS:
        if isinstance(value, types):
            return name
    return "null" if value is None else type(value).__name__


_KINDS: tuple[tuple[Any, str], ...] = (
    (int, "a whole number"),
    (float, "a number"),
    (str, "a text"),
    (list, "a list"),
    (dict, "a map"),
    (datetime.date, "a date"),
    (Duration, "a duration"),
    (NodeValue, "a node"),
    (RelationshipValue, "a relationship"),
    (PathValue, "a path"),
)


def equal(a: Any, b: Any) -> bool | None:
    """`a = b` in three values."""
    if a is None or b is None:
        return None
    if isinstance(a, list) and isinstance(b, list):
        if len(a) != len(b):
            return False
        return conjunction(equal(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        if a.keys() != b.keys():
            return False
        return conjunction(equal(a[key], b[key]) for key in a)
    if isinstance(a, NodeValue | RelationshipValue) and type(a) is type(b):
        return bool(a.key == b.key)
    if isinstance(a, PathValue) and isinstance(b, PathValue):
        return bool(key(a) == key(b))
    if is_number(a) and is_number(b):
        return bool(a == b)
    return type(a) is type(b) and bool(a == b)


def conjunction(values: Any) -> bool | None:
    """AND over values in three values."""
    found: bool | None = True
    for value in values:
        if value is False:
            return False
        if value is None:
            found = None
    return found


def less(a: Any, b: Any, or_equal: bool) -> bool | None:
    """`a < b`, or `a <= b`: null where the two cannot be compared."""
    if a is None or b is None:
        return None
    if (is_number(a) and is_number(b)) or (
        type(a) is type(b) and isinstance(a, str | bool | datetime.date) and not isinstance(a, Duration)
    ):
        return bool(a <= b) if or_equal else bool(a < b)
    if isinstance(a, list) and isinstance(b, list):
        for x, y in zip(a, b, strict=False):
            same = equal(x, y)
            if same is None:
                return None
            if not same:
                return less(x, y, False)
        return len(a) <= len(b) if or_equal else len(a) < len(b)
    return None


_RANKS: tuple[tuple[Any, int], ...] = (
    (dict, 0),
    (NodeValue, 1),
    (RelationshipValue, 2),
    (list, 3),
    (PathValue, 4),
    (datetime.date, 7),
    (Duration, 10),
    (str, 11),
    (bool, 12),
)


def order(value: Any) -> tuple[Any, ...]:
    """What values of all types are sorted by: null is last."""
    if isinstance(value, str):
        return (11, value)
    if value is None:
        return (15,)
    if isinstance(value, bool):
        return (12, value)
    if isinstance(value, int | float):
        return (14,) if value != value else (13, value)
    if isinstance(value, list):
        return (3, [order(item) for item in value])
    if isinstance(value, dict):
        return (0, [(name, order(value[name])) for name in sorted(value)])
    if isinstance(value, Duration):
        return (10, value.months * 2629746 + value.days * 86400 + value.seconds, value.nanoseconds)
    if isinstance(value, PathValue):
        return (4, [node.key for node in value.nodes])
    rank = next(rank for types, rank in _RANKS if isinstance(value, types))
    return (rank, value.key if isinstance(value, NodeValue | RelationshipValue) else value)


def key(value: Any) -> Any:
    """What equal values (nulls and NaNs too) share, for DISTINCT and groups."""
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, bool):
        return ("b", value)
    if isinstance(value, int | float):
        return "nan" if value != value else value
    if isinstance(value, list):
        return ("l", *map(key, value))
    if isinstance(value, dict):
        return ("m", *((name, key(value[name])) for name in sorted(value)))
    if isinstance(value, NodeValue):
        return ("n", value.key)
    if isinstance(value, RelationshipValue):
        return ("r", value.key)
    if isinstance(value, PathValue):
        return ("p", *(n.key for n in value.nodes), *(r.key for r in value.relationships))
    return value


def contains(items: Any, value: Any) -> bool | None:
    """`value IN items`."""
    if items is None:
        return None
    if not isinstance(items, list):
        raise ValueProblem(f"IN {kind_of(items)}", "write a list after IN")
    found: bool | None = False
    for item in items:
        same = equal(item, value)
        if same:
            return True
        if same is None:
            found = None
    return found


def whole(value: int) -> int:
    """`value`, if it is one of 64 bits."""
    if not _SMALLEST <= value <= _LARGEST:
        raise ValueProblem("a whole number beyond 64 bits", "use toFloat(x)")
    return value


def add(a: Any, b: Any) -> Any:
    """`a + b`."""
    if isinstance(a, list):
        if isinstance(b, list):
            return a + b
        return None if b is None else [*a, b]
    if isinstance(b, list):
        return None if a is None else [a, *b]
    if a is None or b is None:
        return None
    if is_number(a) and is_number(b):
        return whole(a + b) if isinstance(a, int) and isinstance(b, int) else a + b
    if isinstance(a, str) and isinstance(b, str):
        return a + b
    if (isinstance(a, str) and is_number(b)) or (isinstance(b, str) and is_number(a)):
        return text_of(a) + text_of(b)
    if isinstance(a, Duration) and isinstance(b, Duration):
        return normal(a.months + b.months, a.days + b.days, a.seconds + b.seconds, a.nanoseconds + b.nanoseconds)
    if isinstance(a, datetime.date) and isinstance(b, Duration):
        return shift(a, b, 1)
    if isinstance(b, datetime.date) and isinstance(a, Duration):
        return shift(b, a, 1)
    raise ValueProblem(f"{kind_of(a)} + {kind_of(b)}", "add numbers, texts or lists; toString(x) makes a text")


def arithmetic(operator: str, a: Any, b: Any) -> Any:
    """`a operator b` for - * / % ^."""
    if a is None or b is None:
        return None
    if is_number(a) and is_number(b):
        return _number(operator, a, b)
    if operator == "-" and isinstance(b, Duration):
        if isinstance(a, datetime.date):
            return shift(a, b, -1)
        if isinstance(a, Duration):
            return normal(a.months - b.months, a.days - b.days, a.seconds - b.seconds, a.nanoseconds - b.nanoseconds)
    if isinstance(a, Duration) and is_number(b) and operator in "*/":
        return _scaled(a, Fraction(b) if operator == "*" else _inverse(b))
    if isinstance(b, Duration) and is_number(a) and operator == "*":
        return _scaled(b, Fraction(a))
    if isinstance(a, datetime.date) and isinstance(b, datetime.date):
        raise ValueProblem("the difference of two dates", "write duration.inDays(a, b).days")
    raise ValueProblem(f"{kind_of(a)} {operator} {kind_of(b)}", "both must be numbers")


def _inverse(value: Any) -> Fraction:
    if value == 0:
        raise ValueProblem("a division by zero", "test for 0 before")
    return 1 / Fraction(value)


def _number(operator: str, a: Any, b: Any) -> Any:
    both = isinstance(a, int) and isinstance(b, int)
    if operator == "^":
        try:
            found = math.pow(a, b)
        except OverflowError:
            found = math.inf
        except ValueError:
            found = math.nan if a < 0 and a else math.inf
        return found
    if operator in "/%" and b == 0:
        if both:
            raise ValueProblem(
                "a division by zero", "test for 0 before, as in CASE WHEN n = 0 THEN null ELSE x / n END"
            )
        if operator == "%" or a == 0 or a != a:
            return math.nan
        return math.copysign(math.inf, a) * math.copysign(1, b)
    if operator == "/":
        return whole(_truncated(a, b)) if both else a / b
    if operator == "%":
        return a - b * _truncated(a, b) if both else (math.nan if math.isinf(a) else math.fmod(a, b))
    found = a - b if operator == "-" else a * b
    return whole(found) if both else found


def _truncated(a: int, b: int) -> int:
    found = abs(a) // abs(b)
    return found if (a < 0) == (b < 0) else -found


def text_of(value: Any) -> str:
    """`toString(value)`; floats as Java writes them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def float_text(value: float) -> str:
    """A float as Java writes it: 1.0E10, 0.001, NaN."""
    if value != value:
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        text = repr(value)
        return text if "e" not in text else f"{value:f}"
    digits, _, exponent = repr(value).partition("e")
    sign = "-" if value < 0 else ""
    plain = digits.lstrip("-")
    before, _, after = plain.partition(".")
    if not exponent:
        if before != "0":
            power, figures = len(before) - 1, before + (after if after != "0" else "")
        else:
            power, figures = -(len(after) - len(after.lstrip("0")) + 1), after.lstrip("0")
    else:
        power, figures = int(exponent), before + (after if after != "0" else "")
    figures = figures.rstrip("0") or "0"
    return f"{sign}{figures[0]}.{figures[1:] or '0'}E{power}"


# Days and durations


def normal(months: int, days: int, seconds: int, nanoseconds: int) -> Duration:
    """A duration whose nanoseconds lie from 0 to a second."""
    more, nanoseconds = divmod(nanoseconds, 10**9)
    return Duration(months, days, seconds + more, nanoseconds)


def _scaled(value: Duration, by: Fraction) -> Duration:
    months = value.months * by
    days = value.days * by + (months - int(months)) * Fraction(304368750, 10**7)  # an average month
    seconds = value.seconds * by + (days - int(days)) * 86400
    nanoseconds = value.nanoseconds * by + (seconds - int(seconds)) * 10**9
    return normal(int(months), int(days), int(seconds), int(nanoseconds))


def day(year: int, month: int, number: int) -> datetime.date:
    """A day. Raises `ValueProblem` where there is none."""
    try:
        return datetime.date(year, month, number)
    except (ValueError, OverflowError):
        raise ValueProblem("no such day", "write a day of the years 1 to 9999, such as date('2024-01-31')") from None


def shift(value: datetime.date, by: Duration, sign: int) -> datetime.date:
    """A day some months and days later."""
    months = value.year * 12 + value.month - 1 + sign * by.months
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        return day(0, 1, 1)
    last = calendar.monthrange(year, month + 1)[1]
    seconds = by.seconds * sign
    days = by.days * sign + int(Fraction(seconds, 86400))
    try:
        return datetime.date(year, month + 1, min(value.day, last)) + datetime.timedelta(days=days)
    except OverflowError:
        return day(0, 1, 1)


_DAY = re.compile(
    r"(?P<y>\d{4})(?:-?(?P<m>\d{2})(?:-?(?P<d>\d{2}))?|-?W(?P<w>\d{2})(?:-?(?P<wd>\d))?|-?Q(?P<q>\d)-?(?P<qd>\d{2})"
    r"|-?(?P<o>\d{3}))?"
)
_PERIOD = re.compile(
    r"P(?:(?P<years>-?[\d.]+)Y)?(?:(?P<months>-?[\d.]+)M)?(?:(?P<weeks>-?[\d.]+)W)?(?:(?P<days>-?[\d.]+)D)?"
    r"(?:T(?:(?P<hours>-?[\d.]+)H)?(?:(?P<minutes>-?[\d.]+)M)?(?:(?P<seconds>-?[\d.]+)S)?)?"
)


def day_of_text(text: str) -> datetime.date:
    """`date(text)`."""
    found = _DAY.fullmatch(text)
    if not found:
        raise ValueProblem("a text that is no date", "write a day such as '2024-01-31'")
    part = {name: int(value) for name, value in found.groupdict().items() if value}
    year = part["y"]
    if "w" in part:
        return _week(year, part["w"], part.get("wd", 1))
    if "q" in part:
        return day(year, 3 * part["q"] - 2, 1) + datetime.timedelta(days=part["qd"] - 1)
    if "o" in part:
        return _ordinal(year, part["o"])
    return day(year, part.get("m", 1), part.get("d", 1))


def _ordinal(year: int, number: int) -> datetime.date:
    if not 1 <= number <= 365 + calendar.isleap(year):
        return day(0, 1, 1)
    return day(year, 1, 1) + datetime.timedelta(days=number - 1)


def _week(year: int, week: int, weekday: int) -> datetime.date:
    try:
        return datetime.date.fromisocalendar(year, week, weekday)
    except ValueError:
        return day(0, 1, 1)


def day_of_map(parts: dict[str, Any]) -> datetime.date | None:
    """`date({year: 2024, month: 1, day: 31})`, also by week, quarter, day of the year, or from another day."""
    known = {"year", "month", "day", "week", "dayOfWeek", "quarter", "dayOfQuarter", "ordinalDay", "date"}
    if unknown := sorted(parts.keys() - known):
        raise ValueProblem(f"date() of a map with {unknown[0]!a}", "give year, month and day")
    if any(value is None for value in parts.values()):
        return None
    base = parts.get("date")
    if base is not None and not isinstance(base, datetime.date):
        raise ValueProblem(f"date() from {kind_of(base)}", "give a date")
    for name, value in parts.items():
        if name != "date" and (not isinstance(value, int) or isinstance(value, bool)):
            raise ValueProblem(f"{name} as {kind_of(value)}", "give a whole number")
    if base is None and "year" not in parts:
        raise ValueProblem("date() of a map without year", "give year, month and day")
    if "week" in parts:
        year, _, weekday = base.isocalendar() if base else (0, 0, 1)
        return _week(parts.get("year", year), parts["week"], parts.get("dayOfWeek", weekday))
    year = parts.get("year", base.year if base else 0)
    if "ordinalDay" in parts:
        return _ordinal(year, parts["ordinalDay"])
    if "quarter" in parts:
        first = day(year, 3 * parts["quarter"] - 2, 1)
        if "dayOfQuarter" in parts:
            return first + datetime.timedelta(days=parts["dayOfQuarter"] - 1)
        if base:
            return day(year, first.month + (base.month - 1) % 3, base.day)
        return first
    if "day" in parts and "month" not in parts and not base:
        raise ValueProblem("date() of a map with day and without month", "give year, month and day")
    return day(year, parts.get("month", base.month if base else 1), parts.get("day", base.day if base else 1))


def duration_of_text(text: str) -> Duration:
    """`duration(text)`."""
    found = _PERIOD.fullmatch(text)
    if not found or len(text) < 3:
        raise ValueProblem("a text that is no duration", "write one such as 'P1Y2M3D' or 'P30D'")
    try:
        return duration_of_map({name: Fraction(value) for name, value in found.groupdict().items() if value})
    except ValueError:
        raise ValueProblem("a text that is no duration", "write one such as 'P1Y2M3D' or 'P30D'") from None


_MONTHS = {"years": 12, "quarters": 3, "months": 1}
_DAYS = {"weeks": 7, "days": 1}
_NANOSECONDS = {
    "hours": 3600 * 10**9, "minutes": 60 * 10**9, "seconds": 10**9, "milliseconds": 10**6, "microseconds": 1000,
    "nanoseconds": 1,
}  # fmt: skip


def duration_of_map(parts: dict[str, Any]) -> Duration:
    """`duration({days: 30})`; parts of months and days are carried over."""
    if unknown := sorted(parts.keys() - _MONTHS.keys() - _DAYS.keys() - _NANOSECONDS.keys()):
        raise ValueProblem(f"duration() of a map with {unknown[0]!a}", "give years, months, weeks, days")
    for name, value in parts.items():
        if not isinstance(value, int | float | Fraction) or isinstance(value, bool):
            raise ValueProblem(f"{name} as {kind_of(value)}", "give a number")
    months = sum((Fraction(parts.get(n, 0)) * by for n, by in _MONTHS.items()), Fraction(0))
    days = sum((Fraction(parts.get(n, 0)) * by for n, by in _DAYS.items()), Fraction(0))
    days += (months - int(months)) * Fraction(2629746, 86400)
    nano = sum((Fraction(parts.get(n, 0)) * by for n, by in _NANOSECONDS.items()), Fraction(0))
    nano += (days - int(days)) * 86400 * 10**9
    return normal(int(months), int(days), 0, int(nano))


def months_between(a: datetime.date, b: datetime.date) -> int:
    """Whole months from one day to another, to either side."""
    months = (b.year - a.year) * 12 + b.month - a.month
    if months > 0 and b.day < a.day:
        return months - 1
    return months + 1 if months < 0 and b.day > a.day else months


def between(a: datetime.date, b: datetime.date) -> Duration:
    """`duration.between(a, b)`."""
    months = months_between(a, b)
    return Duration(months, (b - shift(a, Duration(months), 1)).days)


def truncate(unit: str, value: datetime.date) -> datetime.date:
    """`date.truncate(unit, value)`."""
    year = value.year
    match unit.lower():
        case "millennium":
            return day(year // 1000 * 1000, 1, 1)
        case "century":
            return day(year // 100 * 100, 1, 1)
        case "decade":
            return day(year // 10 * 10, 1, 1)
        case "year":
            return day(year, 1, 1)
        case "weekyear":
            return _week(value.isocalendar()[0], 1, 1)
        case "quarter":
            return day(year, (value.month - 1) // 3 * 3 + 1, 1)
        case "month":
            return day(year, value.month, 1)
        case "week":
            return value - datetime.timedelta(days=value.weekday())
        case "day":
            return value
    raise ValueProblem("an unknown unit of time", "use 'year', 'quarter', 'month', 'week' or 'day'")


def component(value: datetime.date, name: str) -> int:
    """`d.year` and the other parts of a day."""
    match name:
        case "year":
            return value.year
        case "month":
            return value.month
        case "day":
            return value.day
        case "quarter":
            return (value.month - 1) // 3 + 1
        case "week":
            return value.isocalendar()[1]
        case "weekYear":
            return value.isocalendar()[0]
        case "dayOfWeek" | "weekDay":
            return value.isoweekday()
        case "ordinalDay":
            return value.timetuple().tm_yday
        case "dayOfQuarter":
            return (value - truncate("quarter", value)).days + 1
    raise ValueProblem(f"a date has no part {name!a}", "use year, quarter, month, week, day, dayOfWeek or ordinalDay")


def period(value: Duration, name: str) -> int:
    """`d.days` and the other parts of a duration."""
    nano = value.seconds * 10**9 + value.nanoseconds
    parts = {
        "years": int(Fraction(value.months, 12)),
        "quarters": int(Fraction(value.months, 3)),
        "months": value.months,
        "weeks": int(Fraction(value.days, 7)),
        "days": value.days,
        "hours": int(Fraction(value.seconds, 3600)),
        "minutes": int(Fraction(value.seconds, 60)),
        "seconds": value.seconds,
        "milliseconds": nano // 10**6,
        "microseconds": nano // 1000,
        "nanoseconds": nano,
        "quartersOfYear": int(math.fmod(int(Fraction(value.months, 3)), 4)),
        "monthsOfQuarter": int(math.fmod(value.months, 3)),
        "monthsOfYear": int(math.fmod(value.months, 12)),
        "daysOfWeek": int(math.fmod(value.days, 7)),
        "minutesOfHour": int(math.fmod(int(Fraction(value.seconds, 60)), 60)),
        "secondsOfMinute": int(math.fmod(value.seconds, 60)),
        "millisecondsOfSecond": value.nanoseconds // 10**6,
        "microsecondsOfSecond": value.nanoseconds // 1000,
        "nanosecondsOfSecond": value.nanoseconds,
    }
    if name in parts:
        return parts[name]
    raise ValueProblem(f"a duration has no part {name!a}", "use years, months, weeks, days, hours, minutes or seconds")
