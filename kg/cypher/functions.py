"""The functions of openCypher that compute from their arguments, and the aggregates."""

from __future__ import annotations

import datetime
import decimal
import math
import random
from collections.abc import Callable
from typing import Any

from kg.cypher import values
from kg.cypher.values import (
    Duration,
    NodeValue,
    PathValue,
    RelationshipValue,
    ValueProblem,
    is_number,
    kind_of,
    text_of,
)

Function = Callable[..., Any]
LONGEST_LIST = 1_000_000
AGGREGATES = frozenset(
    ("count", "sum", "avg", "min", "max", "collect", "stdev", "stdevp", "percentilecont", "percentiledisc")
)


def _need(value: Any, types: Any, name: str, wanted: str) -> None:
    if not isinstance(value, types) or (isinstance(value, bool) and types is not bool):
        raise ValueProblem(f"{name}() of {kind_of(value)}", f"it takes {wanted}")


def _text(name: str, function: Callable[[str], Any]) -> Function:
    def call(value: Any) -> Any:
        if value is None:
            return None
        _need(value, str, name, "a text")
        return function(value)

    return call


def _math(name: str, function: Callable[[float], float]) -> Function:
    def call(value: Any) -> Any:
        if value is None:
            return None
        _need(value, (int, float), name, "a number")
        try:
            return float(function(value))
        except ValueError:
            return -math.inf if name.startswith("log") and value == 0 else math.nan
        except OverflowError:
            return math.inf

    return call


def _substring(text: Any, start: Any, length: Any = 2**62) -> Any:
    if text is None or start is None or length is None:
        return None
    _need(text, str, "substring", "a text")
    _need(start, int, "substring", "whole numbers after the text")
    _need(length, int, "substring", "whole numbers after the text")
    if start < 0 or length < 0:
        raise ValueProblem("substring() from a negative place", "count from 0")
    return text[start : start + length]


def _left(text: Any, length: Any) -> Any:
    return _part("left", text, length, lambda: text[:length])


def _right(text: Any, length: Any) -> Any:
    return _part("right", text, length, lambda: text[max(0, len(text) - length) :])


def _part(name: str, text: Any, length: Any, make: Callable[[], str]) -> Any:
    if text is None or length is None:
        return None
    _need(text, str, name, "a text")
    _need(length, int, name, "a text and a whole number")
    if length < 0:
        raise ValueProblem(f"{name}() of a negative length", "count from 0")
    return make()


def _size(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, PathValue):
        raise ValueProblem("size() of a path", "write length(path)")
    _need(value, (str, list), "size", "a text or a list")
    return len(value)


def _length(value: Any) -> Any:
    if value is None:
        return None
    _need(value, PathValue, "length", "a path; size(x) takes a text or a list")
    return len(value.relationships)


def _reverse(value: Any) -> Any:
    if value is None:
        return None
    _need(value, (str, list), "reverse", "a text or a list")
    return value[::-1]


def _split(text: Any, separator: Any) -> Any:
    if text is None or separator is None:
        return None
    _need(text, str, "split", "a text")
    separators = separator if isinstance(separator, list) else [separator]
    for one in separators:
        _need(one, str, "split", "a text to split at")
    if len(separators) != 1:
        raise ValueProblem("split() at several texts", "replace() them by one, and split at that")
    if not separators[0]:
        return list(text) if text else [""]
    return text.split(separators[0])


def _replace(text: Any, old: Any, new: Any) -> Any:
    if text is None or old is None or new is None:
        return None
    for one in (text, old, new):
        _need(one, str, "replace", "three texts")
    if old and len(text) + text.count(old) * (len(new) - len(old)) > 10_000_000:
        raise ValueProblem("a text of more than 10,000,000 characters", "replace less")
    return text.replace(old, new) if old else text


def _trim(name: str, function: Callable[[str, str], str]) -> Function:
    def call(value: Any, characters: Any = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f") -> Any:
        if value is None or characters is None:
            return None
        _need(value, str, name, "a text")
        return function(value, characters)

    return call


def _head(value: Any) -> Any:
    return _element("head", value, 0)


def _last(value: Any) -> Any:
    return _element("last", value, -1)


def _element(name: str, value: Any, at: int) -> Any:
    if value is None:
        return None
    _need(value, list, name, "a list")
    return value[at] if value else None


def _tail(value: Any) -> Any:
    if value is None:
        return None
    _need(value, list, "tail", "a list")
    return value[1:]


def _range(first: Any, last: Any, step: Any = 1) -> Any:
    for one in (first, last, step):
        if one is None:
            raise ValueProblem("range() of null", "give whole numbers")
        _need(one, int, "range", "whole numbers")
    if step == 0:
        raise ValueProblem("range() by 0", "give a step other than 0")
    found = range(first, last + (1 if step > 0 else -1), step)
    if len(found) > LONGEST_LIST:
        raise ValueProblem("a range that is too long", "write UNWIND range(...) AS x")
    return list(found)


def _to_integer(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, str):
        text = value.strip()
        try:
            return values.whole(int(text)) if "_" not in text else None
        except (ValueError, ValueProblem):
            value = _to_float(text)
            if value is None:
                return None
    _need(value, float, "toInteger", "a number or a text")
    if value != value:
        return 0
    return (
        int(max(-(2**63), min(2**63 - 1, value))) if not math.isinf(value) else (2**63 - 1 if value > 0 else -(2**63))
    )


def _to_float(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, str):
        text = value.strip()
        if "_" in text or text.lower().lstrip("+-") in ("inf", "infinity", "nan"):
            return {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}.get(text)
        try:
            return float(text)
        except ValueError:
            return None
    _need(value, (int, float), "toFloat", "a number or a text")
    return float(value)


def _to_boolean(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value != 0
    _need(value, str, "toBoolean", "a text")
    return {"true": True, "false": False}.get(value.strip().lower())


def _to_string(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, list | dict | NodeValue | RelationshipValue | PathValue):
        raise ValueProblem(f"toString() of {kind_of(value)}", "it takes a number, a text, a date, true or false")
    return text_of(value)


def _or_null(function: Function) -> Function:
    def call(value: Any) -> Any:
        try:
            return function(value)
        except ValueProblem:
            return None

    return call


def _round(value: Any, digits: Any = 0, mode: Any = "HALF_UP") -> Any:
    if value is None or digits is None or mode is None:
        return None
    _need(value, (int, float), "round", "a number")
    _need(digits, int, "round", "a number and how many places")
    if math.isinf(value) or value != value:
        return float(value)
    if digits == 0 and mode == "HALF_UP":
        return float(math.floor(value + 0.5)) if abs(value) < 2**52 else float(value)
    modes = {
        "HALF_UP": decimal.ROUND_HALF_UP, "HALF_DOWN": decimal.ROUND_HALF_DOWN, "HALF_EVEN": decimal.ROUND_HALF_EVEN,
        "UP": decimal.ROUND_UP, "DOWN": decimal.ROUND_DOWN, "CEILING": decimal.ROUND_CEILING,
        "FLOOR": decimal.ROUND_FLOOR,
    }  # fmt: skip
    if digits < 0 or mode not in modes:
        raise ValueProblem("round() of that kind", "write round(x, 2), or round(x, 2, 'HALF_EVEN')")
    with decimal.localcontext(prec=400):
        return float(
            decimal.Decimal(repr(float(value))).quantize(decimal.Decimal(1).scaleb(-min(digits, 30)), modes[mode])
        )


def _abs(value: Any) -> Any:
    if value is None:
        return None
    _need(value, (int, float), "abs", "a number")
    return abs(value)


def _sign(value: Any) -> Any:
    if value is None:
        return None
    _need(value, (int, float), "sign", "a number")
    return (value > 0) - (value < 0)


def _date(value: Any = ...) -> Any:
    if value is ...:
        return datetime.datetime.now(datetime.UTC).date()
    if value is None:
        return None
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, str):
        return values.day_of_text(value)
    _need(value, dict, "date", "a text such as '2024-01-31', or a map")
    return values.day_of_map(value)


def _duration(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, Duration):
        return value
    if isinstance(value, str):
        return values.duration_of_text(value)
    _need(value, dict, "duration", "a text such as 'P30D', or a map")
    return values.duration_of_map(value)


def _days(name: str, function: Callable[[datetime.date, datetime.date], Any]) -> Function:
    def call(a: Any, b: Any) -> Any:
        if a is None or b is None:
            return None
        _need(a, datetime.date, name, "two dates")
        _need(b, datetime.date, name, "two dates")
        return function(a, b)

    return call


def _truncate(unit: Any, value: Any = ..., more: Any = None) -> Any:
    if value is ...:
        value = _date()
    if unit is None or value is None:
        return None
    _need(unit, str, "date.truncate", "the name of a unit, and a date")
    _need(value, datetime.date, "date.truncate", "the name of a unit, and a date")
    found = values.truncate(unit, value)
    if not more:
        return found
    _need(more, dict, "date.truncate", "a map last")
    if "dayOfWeek" in more:
        found += datetime.timedelta(days=more["dayOfWeek"] - 1)
        more = {name: value for name, value in more.items() if name != "dayOfWeek"}
    return values.day_of_map({"date": found, **more}) if more else found


def _type(value: Any) -> Any:
    if value is None:
        return None
    _need(value, RelationshipValue, "type", "a relationship")
    return value.type


def _labels(value: Any) -> Any:
    if value is None:
        return None
    _need(value, NodeValue, "labels", "a node")
    return [value.label]


def _label(value: Any) -> Any:
    if value is None:
        return None
    _need(value, (NodeValue, RelationshipValue), "label", "a node")
    return value.label if isinstance(value, NodeValue) else value.type


def _properties(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, dict):
        return value
    _need(value, (NodeValue, RelationshipValue), "properties", "a node, a relationship or a map")
    return {name: one for name, one in value.properties.items() if one is not None}


def _keys(value: Any) -> Any:
    return None if value is None else list(_properties(value))


def _nodes(value: Any) -> Any:
    if value is None:
        return None
    _need(value, PathValue, "nodes", "a path")
    return list(value.nodes)


def _relationships(value: Any) -> Any:
    if value is None:
        return None
    _need(value, PathValue, "relationships", "a path")
    return list(value.relationships)


def _end(place: int, name: str) -> Function:
    def call(value: Any) -> Any:
        if value is None:
            return None
        _need(value, RelationshipValue, name, "a relationship")
        if value.ends is None:
            raise ValueProblem(f"{name}() of this relationship", "name the nodes in the pattern")
        return value.ends[place]

    return call


def _coalesce(*given: Any) -> Any:
    return next((one for one in given if one is not None), None)


def _is_empty(value: Any) -> Any:
    if value is None:
        return None
    _need(value, (str, list, dict), "isEmpty", "a text, a list or a map")
    return not value


def _nullif(a: Any, b: Any) -> Any:
    return None if values.equal(a, b) else a


def _is_nan(value: Any) -> Any:
    if value is None:
        return None
    _need(value, (int, float), "isNaN", "a number")
    return value != value


FUNCTIONS: dict[str, tuple[Function, int, int]] = {
    "abs": (_abs, 1, 1),
    "acos": (_math("acos", math.acos), 1, 1),
    "asin": (_math("asin", math.asin), 1, 1),
    "atan": (_math("atan", math.atan), 1, 1),
    "atan2": (lambda a, b: None if a is None or b is None else math.atan2(a, b), 2, 2),
    "ceil": (_math("ceil", lambda x: x if math.isinf(x) or x != x else math.ceil(x)), 1, 1),
    "ceiling": (_math("ceiling", lambda x: x if math.isinf(x) or x != x else math.ceil(x)), 1, 1),
    "char_length": (_text("char_length", len), 1, 1),
    "coalesce": (_coalesce, 1, 99),
    "cos": (_math("cos", math.cos), 1, 1),
    "cot": (_math("cot", lambda x: 1 / math.tan(x) if x else math.inf), 1, 1),
    "date": (_date, 0, 1),
    "date.truncate": (_truncate, 1, 3),
    "degrees": (_math("degrees", math.degrees), 1, 1),
    "duration": (_duration, 1, 1),
    "duration.between": (_days("duration.between", values.between), 2, 2),
    "duration.indays": (_days("duration.inDays", lambda a, b: Duration(0, (b - a).days)), 2, 2),
    "duration.inmonths": (_days("duration.inMonths", lambda a, b: Duration(values.months_between(a, b))), 2, 2),
    "e": (lambda: math.e, 0, 0),
    "endnode": (_end(1, "endNode"), 1, 1),
    "exp": (_math("exp", math.exp), 1, 1),
    "floor": (_math("floor", lambda x: x if math.isinf(x) or x != x else math.floor(x)), 1, 1),
    "head": (_head, 1, 1),
    "isempty": (_is_empty, 1, 1),
    "isnan": (_is_nan, 1, 1),
    "keys": (_keys, 1, 1),
    "labels": (_labels, 1, 1),
    "label": (_label, 1, 1),
    "last": (_last, 1, 1),
    "left": (_left, 2, 2),
    "length": (_length, 1, 1),
    "log": (_math("log", math.log), 1, 1),
    "ln": (_math("log", math.log), 1, 1),
    "log10": (_math("log10", math.log10), 1, 1),
    "lower": (_text("lower", str.lower), 1, 1),
    "ltrim": (_trim("ltrim", str.lstrip), 1, 2),
    "nodes": (_nodes, 1, 1),
    "nullif": (_nullif, 2, 2),
    "pi": (lambda: math.pi, 0, 0),
    "properties": (_properties, 1, 1),
    "radians": (_math("radians", math.radians), 1, 1),
    "rand": (random.random, 0, 0),
    "range": (_range, 2, 3),
    "relationships": (_relationships, 1, 1),
    "rels": (_relationships, 1, 1),
    "replace": (_replace, 3, 3),
    "reverse": (_reverse, 1, 1),
    "right": (_right, 2, 2),
    "round": (_round, 1, 3),
    "rtrim": (_trim("rtrim", str.rstrip), 1, 2),
    "sign": (_sign, 1, 1),
    "sin": (_math("sin", math.sin), 1, 1),
    "size": (_size, 1, 1),
    "split": (_split, 2, 2),
    "sqrt": (_math("sqrt", math.sqrt), 1, 1),
    "startnode": (_end(0, "startNode"), 1, 1),
    "string": (_to_string, 1, 1),
    "substring": (_substring, 2, 3),
    "tail": (_tail, 1, 1),
    "tan": (_math("tan", math.tan), 1, 1),
    "toboolean": (_to_boolean, 1, 1),
    "tobooleanornull": (_or_null(_to_boolean), 1, 1),
    "tofloat": (_to_float, 1, 1),
    "tofloatornull": (_or_null(_to_float), 1, 1),
    "tointeger": (_to_integer, 1, 1),
    "tointegerornull": (_or_null(_to_integer), 1, 1),
    "tolower": (_text("toLower", str.lower), 1, 1),
    "tostring": (_to_string, 1, 1),
    "tostringornull": (_or_null(_to_string), 1, 1),
    "toupper": (_text("toUpper", str.upper), 1, 1),
    "trim": (_trim("trim", str.strip), 1, 2),
    "type": (_type, 1, 1),
    "upper": (_text("upper", str.upper), 1, 1),
}


def aggregate(name: str, given: list[Any], extra: Any, rows: int, star: bool, distinct: bool) -> Any:
    """An aggregate over the values `given` of a group of `rows` rows; nulls count for nothing."""
    if star:
        return rows
    given = [one for one in given if one is not None]
    if distinct:
        given = list({values.key(one): one for one in reversed(given)}.values())[::-1]
    match name:
        case "count":
            return len(given)
        case "collect":
            return given
        case "min":
            return min(given, key=values.order, default=None)
        case "max":
            return max(given, key=values.order, default=None)
    if given and name in ("sum", "avg") and all(isinstance(one, Duration) for one in given):
        raise ValueProblem(f"{name}() of durations", "sum their days: sum(d.days)")
    for one in given:
        if not is_number(one):
            raise ValueProblem(f"{name}() of {kind_of(one)}", "it takes numbers")
    match name:
        case "sum":
            if all(isinstance(one, int) for one in given):
                return values.whole(sum(given))
            return math.fsum(given) if all(map(math.isfinite, given)) else float(sum(given))
        case "avg":
            return math.fsum(given) / len(given) if given else None
        case "stdev" | "stdevp":
            less = 1 if name == "stdev" else 0
            if len(given) <= less:
                return 0.0
            mean = math.fsum(given) / len(given)
            return math.sqrt(math.fsum((one - mean) ** 2 for one in given) / (len(given) - less))
    if not is_number(extra) or not 0 <= extra <= 1:
        raise ValueProblem("a percentile outside of 0 to 1", "write 0.5 for the median")
    if not given:
        return None
    given.sort()
    if name == "percentiledisc":
        return given[max(0, math.ceil(extra * len(given)) - 1)]
    place = extra * (len(given) - 1)
    low = math.floor(place)
    high = math.ceil(place)
    return float(given[low]) if low == high else given[low] * (high - place) + given[high] * (place - low)
