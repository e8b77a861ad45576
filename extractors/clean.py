r"""Text as people see it: LaTeX, Markdown, JATS, HTML and entities undone, with a map back to the text as it is stored.

`\textbf{RiverNet}`, `**RiverNet**`, `<i>RiverNet</i>` and `{\em RiverNet}` all read "RiverNet". Mathematics stays
readable: `$F_1$` is "F_1", `92.3$\pm$0.2` is "92.3±0.2". Ordinary text comes back as it is. One pass, linear in the
text: every look ahead is bounded.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clean:
    """A text without mark-up.

    Character `i` of `text` stands for the characters `starts[i]` to `ends[i]` of the stored text; both never decrease.
    Both are empty where the stored text has no mark-up: it is `text` itself.
    """

    text: str
    starts: Sequence[int] = ()
    ends: Sequence[int] = ()

    def stored(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters `start` to `end` of the clean text stand in the stored text."""
        if not self.starts:
            return start, end
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else self.ends[-1]
            return at, at
        return self.starts[start], self.ends[end - 1]

    def seen(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters `start` to `end` of the stored text stand in the clean one; empty where nowhere."""
        if not self.starts:
            return start, end
        first, last = bisect_right(self.ends, start), bisect_left(self.starts, end)
        return first, max(first, last)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TAGS = (
    "i|b|u|em|strong|sub|sup|a|p|br|hr|span|div|tt|code|small|big|font|h[1-6]|ul|ol|li|title|sec|abstract|italic|bold"
    "|roman|sc|monospace|underline|ext-link|uri|xref|inline-formula|disp-formula|tex-math|list|list-item|label|named-content"
)
_BLOCKS = _words("p br hr div h1 h2 h3 h4 h5 h6 ul ol li title sec abstract list list-item disp-formula")
# What may begin mark-up; most texts have none of it and are done after one search.
_ANY = re.compile(r"[\\$<{}`*~]|&(?=[#A-Za-z])|-{2}|''|\]\(|(?<![^\W_])_|_(?![^\W_])|^#", re.MULTILINE)
_TOKEN = re.compile(
    r"(?P<url>(?ai:https?|ftp)://(?:[^\s{}<>\"\\$*`\])&]|&(?!(?:[lg]t|quot|nbsp);))+)"
    r"|(?P<command>\\[A-Za-z]+\*?)"
    r"|(?P<escape>\\.)"
    rf"|(?P<tag>(?:<|&lt;)(?P<close>/?)(?ai:(?P<space>jats|mml|m|xhtml):[a-z-]{{1,30}}|(?P<name>{_TAGS}))"
    r"(?:\s{1,3}[\w:.-]{1,40}\s?=\s?(?:\"[^\"<>]{0,600}\"|'[^'<>]{0,600}'|&quot;[^&<>]{0,600}&quot;|[^\s\"'<>&]{1,600})){0,12}\s?/?(?:>|&gt;))"
    r"|(?P<entity>&(?:amp;)*(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|(?P<link>!?\[(?=[^\[\]\n]{1,300}\]\((?ai:https?://|www\.)[^\s()]{1,2000}(?:\([^\s()]{0,200}\)[^\s()]{0,500})?\)))"
    r"|(?P<target>\]\((?ai:https?://|www\.)[^\s()]{1,2000}(?:\([^\s()]{0,200}\)[^\s()]{0,500})?\))"
    r"|(?P<heading>^#{1,6}[ \t]+(?=\w))"
    r"|(?P<dashes>-{2,})"
    r"|(?P<quotes>``|''|`)"
    r"|(?P<mark>\*+|_+|[{}~$])",
    re.MULTILINE,
)
_MATH_TOKEN = re.compile(
    r"(?P<command>\\[A-Za-z]+\*?)[ \t]*|(?P<escape>\\.)|(?P<group>[{}])|(?P<tie>~)"
    r"|(?P<up>\^(?=\{?\\(?:circ|degree|prime)\b))"
)
# What is dropped with its argument: it is not read as a word.
_SILENT = re.compile(
    r"\\(?:cite[a-z]*|ref|eqref|autoref|cref|Cref|label|vspace|hspace|begin|end|includegraphics|thanks|color)\*?"
    r"(?:\[[^\[\]]{0,100}\]){0,2}\{[^{}]{0,300}\}"
)
_FIRST_SILENT = re.compile(
    r"\\(?:href|hyperlink|textcolor|colorbox|hyperref)\*?"
    r"(?:\[[^\[\]]{0,100}\])?\{[^{}]{0,2000}\}\s?"
)
_SWITCHES = _words(
    "em bf it sc tt rm sf sl bfseries itshape scshape ttfamily rmfamily sffamily mdseries upshape small "
    "large Large tiny normalsize footnotesize centering noindent boldmath displaystyle textstyle "
    "scriptstyle xspace left right big Big bigg Bigg bigl bigr Bigl Bigr limits nolimits protect relax"
)
_FONTS = re.compile(
    r"(?:text|math)(?:bf|it|sc|tt|rm|sf|sl|md|up|normal|cal|bb|frak|scr|fam|bfit|boldsymbol)?"
    r"|emph|underline|uline|mbox|fbox|hbox|boldsymbol|bm|operatorname|url|path|nolinkurl|textbf|verb|ensuremath|pmb|uppercase"
    r"|lowercase|MakeUppercase|mathop|mathbin|mathrel|texorpdfstring|hat|tilde|bar|overline|vec|widehat|widetilde|dot|ddot"
)
_SPACES = _words("quad qquad newline par item linebreak hfill enspace thinspace")
_SYMBOLS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "vartheta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ",
    "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ", "infty": "∞",
    "partial": "∂", "nabla": "∇", "times": "×", "pm": "±", "mp": "∓", "cdot": "·", "cdots": "…", "ldots": "…",
    "dots": "…", "div": "÷", "ast": "*", "star": "*", "circ": "°", "degree": "°", "bullet": "•", "le": "≤",
    "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥", "geqslant": "≥", "ll": "≪", "gg": "≫", "neq": "≠",
    "ne": "≠", "approx": "≈", "sim": "~", "simeq": "≃", "equiv": "≡", "propto": "∝", "to": "→",
    "rightarrow": "→", "longrightarrow": "→", "mapsto": "↦", "leftarrow": "←", "leftrightarrow": "↔",
    "Rightarrow": "⇒", "Leftrightarrow": "⇔", "uparrow": "↑", "downarrow": "↓", "in": "∈", "notin": "∉",
    "subset": "⊂", "subseteq": "⊆", "cup": "∪", "cap": "∩", "emptyset": "∅", "forall": "∀", "exists": "∃",
    "sum": "∑", "prod": "∏", "int": "∫", "sqrt": "√", "oplus": "⊕", "otimes": "⊗", "odot": "⊙", "perp": "⊥",
    "parallel": "∥", "mid": "|", "vert": "|", "Vert": "‖", "lVert": "‖", "rVert": "‖", "lvert": "|",
    "rvert": "|", "langle": "⟨", "rangle": "⟩", "lceil": "⌈", "rceil": "⌉", "lfloor": "⌊", "rfloor": "⌋",
    "prime": "′", "dagger": "†", "ddagger": "‡", "triangle": "△", "square": "□", "checkmark": "✓", "cmark": "✓",
    "xmark": "✗", "land": "∧", "lor": "∨", "neg": "¬", "wedge": "∧", "vee": "∨", "setminus": "∖",
    "backslash": "\\", "textbackslash": "\\", "textasciitilde": "~", "textunderscore": "_",
    "textasciicircum": "^", "textless": "<", "textgreater": ">", "textbar": "|", "textemdash": "—",
    "textendash": "–", "textquotedblleft": "“", "textquotedblright": "”", "textregistered": "®",
    "texttrademark": "™", "textdegree": "°", "textmu": "µ", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ",
    "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "i": "ı", "S": "§", "P": "¶",
    "copyright": "©", "pounds": "£", "TeX": "TeX", "LaTeX": "LaTeX", "lbrace": "{", "rbrace": "}",
}  # fmt: skip
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a",
    "d": "\u0323", "b": "\u0331",
}  # fmt: skip
_ACCENTED = re.compile(
    r"\\(?:([`'^\"~=.])\s?(?:\{\s?(\\[ij]|[A-Za-z])\s?\}|(\\[ij](?![A-Za-z])|[A-Za-z]))"
    r"|([uvHckrdb])(?:\{(\\[ij]|[A-Za-z])\}))"
)
_MATH_END = re.compile(r"\$\$?")
_LONGEST_MATH = 500
# Braces that only hold a word together: "{BERT}", "Graph{SAGE}"; and those that hold a command's words: "{\em …}".
_GROUP = re.compile(r"\{(?:\s?\\[A-Za-z'`^\"~=.]|[\w.+\-{}]{0,80}\}|[^\W\d_][\w :\-]{1,80}\}|,\})")
_EMPHASIS = 300
_CODE = re.compile(r"`([^`'\n]{1,120})`(?!`)")
_QUOTED = re.compile(r"`([^`'\n]{1,120})'")
_BOLD = re.compile(r"(\*{1,3})(?=[^\s*])[^*\n]{0,300}[^\s*]\1(?![\w*])|(\*{1,3})[^\s*]\2(?![\w*])")
_LINE = re.compile(r"(_{1,2})(?=[^\W_])(?:[^_\n]|(?<=[^\W_])_(?=[^\W_])){1,300}?(?<=[^\s_])\1(?![^\W_])")
_TIE = re.compile(r"[^\W\d_]|[\d.)\]}'\"]")


def clean(text: str) -> Clean:
    """`text` (title, line break, abstract) as people see it; no mark-up of the title reaches into the abstract."""
    if not _ANY.search(text):
        return Clean(text)
    reader = _Reader(text)
    title_end = text.find("\n") + 1
    for first, last in ((0, title_end), (title_end, len(text))):
        reader.read(first, last)
    result = reader.result()
    # A text of nothing but mark-up has no words to be read; it stays as it is.
    return result if result.text not in ("", text) else Clean(text)


class _Reader:
    """Collects the pieces of the clean text with where each comes from."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._out: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []

    def result(self) -> Clean:
        return Clean("".join(self._out), self._starts, self._ends)

    def _copy(self, start: int, end: int) -> None:
        if start < end:
            self._out.append(self._text[start:end])
            self._starts.extend(range(start, end))
            self._ends.extend(range(start + 1, end + 1))

    def _put(self, piece: str, start: int, end: int) -> None:
        """`piece` stands for the stored characters `start` to `end`."""
        if piece:
            self._out.append(piece)
            self._starts.extend([start] * len(piece))
            self._ends.extend([end] * len(piece))

    def _last(self) -> str:
        return self._out[-1][-1] if self._out else ""

    def read(self, first: int, last: int) -> None:
        """Read the stored characters from `first` to `last`."""
        text, position = self._text, first
        self._dropped: set[int] = set()  # where closing marks stand whose opening ones were dropped
        self._groups: list[str] = []  # for each open brace, what to put for its closing one
        while match := _TOKEN.search(text, position, last):
            self._copy(position, match.start())
            position = self._token(match, last)
        self._copy(position, last)

    def _token(self, match: re.Match[str], last: int) -> int:
        """Put what `match` stands for; where to go on."""
        start, end, kind = match.start(), match.end(), match.lastgroup
        if match["tag"]:
            self._tag(match)
        elif kind == "command":
            return self._command(match["command"], start, end, last)
        elif kind == "escape":
            return self._escape(start, end, last)
        elif kind == "entity":
            plain = html.unescape(re.sub("&(?:amp;)+", "&", match["entity"]) if match["entity"] != "&amp;" else "&amp;")
            plain = " " if plain.isspace() else plain
            if plain == match["entity"] or len(plain) > 2:
                self._copy(start, end)
            else:
                self._put(plain, start, end)
        elif kind in ("heading", "link", "target"):
            pass
        elif kind == "dashes":
            self._dashes(start, end, last)
        elif kind == "quotes":
            self._quotes(match["quotes"], start, end, last)
        elif kind == "mark":
            return self._mark(match["mark"], start, end, last)
        else:
            self._copy(start, end)
        return end

    def _tag(self, match: re.Match[str]) -> None:
        name = re.sub(r"^(?:<|&lt;)/?(?:\w+:)?", "", match["tag"]).lower()
        name = re.split(r"[\s/>&]", name, maxsplit=1)[0]
        before, after = self._last(), self._text[match.end() : match.end() + 1]
        if name in _BLOCKS:
            if before and not before.isspace():
                self._put("\n", match.start(), match.start())
        elif name in ("sub", "sup") and not match["close"] and before.isalnum() and after.strip():
            self._put("_" if name == "sub" else "^", match.start(), match.end())

    def _command(self, command: str, start: int, end: int, last: int) -> int:
        """Outside mathematics: put what a command stands for, and open the brace of its argument."""
        text, name = self._text, command[1:].rstrip("*")
        if (accented := _ACCENTED.match(text, start, last)) and accented.end() > end:
            return self._accent(accented)
        for pattern in (_SILENT, _FIRST_SILENT):
            if silent := pattern.match(text, start, last):
                at = silent.end()
                if pattern is _FIRST_SILENT and text.startswith("{", at) and at < last:
                    self._groups.append("")
                    at += 1
                return at
        opened = text.startswith("{", end) and end < last
        if name in ("frac", "tfrac", "dfrac", "nicefrac", "sfrac") and opened:
            self._groups.append("/")
            return end + 1
        if name == "footnote" and opened:
            self._space(start)
            self._groups.append("")
            return end + 1
        if opened and text.startswith("}", end + 1):  # "\ours{}"
            self._word(_SYMBOLS.get(name, "" if _FONTS.fullmatch(name) or name in _SWITCHES else name), start, end + 2)
            return end + 2
        if name in _SWITCHES or name in _SPACES:
            after = end
            while after < last and text[after] in " \t":
                after += 1
            if name in _SPACES or (self._last().isalnum() and after > end):
                self._space(start)
            return after
        if opened and name not in _SYMBOLS:
            self._groups.append("")
            return end + 1
        if name in _SYMBOLS:
            self._word(_SYMBOLS[name], start, end)
            if opened:
                self._groups.append("")
            return end + opened
        if not _FONTS.fullmatch(name):
            self._word(name, start, end)
        return end

    def _word(self, word: str, start: int, end: int) -> None:
        """Put `word`, apart from a word before it."""
        if word[:1].isascii() and word[:1].isalpha() and self._last().isalnum():
            self._space(start)
        self._put(word, start, end)

    def _space(self, at: int) -> None:
        if self._last() and not self._last().isspace():
            self._put(" ", at, at)

    def _accent(self, match: re.Match[str]) -> int:
        letter = (match[2] or match[3] or match[5]).lstrip("\\")
        self._put(unicodedata.normalize("NFC", letter + _ACCENTS[match[1] or match[4]]), match.start(), match.end())
        return match.end()

    def _escape(self, start: int, end: int, last: int) -> int:
        text, sign = self._text, self._text[end - 1]
        if sign in "%_&#${}":
            self._put(sign, start, end)
            # "\_{}"
            return end + 2 if text.startswith("{}", end) and end + 2 <= last else end
        if (
            sign in "(["
            and (close := text.find("\\" + ")]"["([".index(sign)], end, min(last, end + _LONGEST_MATH))) > 0
        ):
            self._math(end, close)
            return close + 2
        if accented := _ACCENTED.match(text, start, last):
            return self._accent(accented)
        if sign in ", ;:\\\n~":
            digits = sign == "," and self._last().isdigit() and re.match(r"\d{3}(?!\d)", text[end : end + 4])
            if not digits:
                self._space(start)
        elif sign in "!/-@*":
            pass
        elif sign == "'" or sign == '"':
            self._put(sign, start, end)
        else:
            self._copy(start, end)
        return end

    def _dashes(self, start: int, end: int, last: int) -> None:
        before, after = self._text[start - 1 : start], self._text[end : end + 1]
        # "Kullback--Leibler", "this -- and that"; "--flag" and tables' rules stay.
        if end - start <= 3 and before and after and end < last and before.isspace() == after.isspace():
            self._put("–" if end - start == 2 else "—", start, end)
        else:
            self._copy(start, end)

    def _quotes(self, marks: str, start: int, end: int, last: int) -> None:
        text = self._text
        if start in self._dropped:
            return
        if marks == "``" and "''" in text[end : min(last, end + _EMPHASIS)]:
            self._put("“", start, end)
        elif marks == "''" and "“" in self._out:
            self._put("”", start, end)
        elif marks == "`" and (code := _CODE.match(text, start, last)):
            self._dropped.add(code.end() - 1)
        elif marks == "`" and _QUOTED.match(text, start, last):
            self._put("'", start, end)  # as its closing mark is written
        else:
            self._copy(start, end)

    def _mark(self, mark: str, start: int, end: int, last: int) -> int:
        text = self._text
        if mark == "{":
            group = _GROUP.match(text, start, last)
            self._groups.append("" if group else "}")
            if not group:
                self._copy(start, end)
        elif mark == "}":
            closing = self._groups.pop() if self._groups else "}"
            if closing == "/" and text.startswith("{", end) and end < last:
                self._put("/", start, end)
                self._groups.append("")
                return end + 1
            if closing == "}":
                self._copy(start, end)
        elif mark == "~":
            before, after = text[start - 1 : start], text[end : end + 1]
            tie = _TIE.match(before) and (after.isalnum() or after in "\\$([{") and after
            if tie and end < last and not (before.isdigit() and after.isdigit()):
                self._put(" ", start, end)
            else:
                self._copy(start, end)
        elif mark == "$":
            return self._dollar(start, last)
        else:
            return self._emphasis(mark, start, end, last)
        return end

    def _emphasis(self, mark: str, start: int, end: int, last: int) -> int:
        """Markdown's stars and underscores, where both of a pair stand at the edges of words."""
        text = self._text
        if start in self._dropped:
            return end
        before = text[start - 1 : start]
        pair = None
        if not before.isalnum() and (not before or before not in "\\^_*$}"):
            pair = (_BOLD if mark[0] == "*" else _LINE).match(text, start, last)
        if pair and (mark[0] == "*" or len(mark) == 1 or any(c.isupper() or c == " " for c in pair[0])):
            self._dropped.add(pair.end() - len(pair[1] or pair[2]))
        else:
            self._copy(start, end)
        return end

    def _dollar(self, start: int, last: int) -> int:
        """Mathematics between dollar signs, or the sign itself: "$5 million and $10"."""
        text = self._text
        double = text.startswith("$$", start)
        begin = start + 1 + double
        stop = begin
        limit = min(last, begin + _LONGEST_MATH)
        while (stop := text.find("$", stop, limit)) > 0 and text[stop - 1] == "\\":
            stop += 1
        closes = stop > begin and (
            double
            or (
                not (text[stop - 1].isspace() or text[begin].isspace())
                and not (text[stop + 1 : stop + 2].isdigit() and _is_money(text[begin:stop]))
            )
            or "\\" in text[begin:stop]
        )
        if not closes:
            self._copy(start, begin)
            return begin
        self._math(begin, stop)
        return stop + 1 + (double and text.startswith("$$", stop))

    def _math(self, first: int, last: int) -> None:
        """Put the formula between `first` and `last` as plain text."""
        text, position = self._text, first
        groups: list[str] = []
        while match := _MATH_TOKEN.search(text, position, last):
            self._copy(position, match.start())
            position = match.end()
            if match["command"]:
                position = self._math_command(match, last, groups)
            elif match["escape"]:
                if (accented := _ACCENTED.match(text, match.start(), last)) is not None:
                    position = self._accent(accented)
                else:
                    position = self._escape(match.start(), match.end(), last)
            elif match["tie"]:
                self._put(" ", match.start(), match.end())
            elif match["group"] == "{":
                groups.append("")
            elif match["group"] == "}" and groups and groups.pop() == "/" and text.startswith("{", position):
                self._put("/", match.start(), match.end())
        self._copy(position, last)

    def _math_command(self, match: re.Match[str], last: int, groups: list[str]) -> int:
        text, start, end = self._text, match.start(), match.end("command")
        name = match["command"][1:].rstrip("*")
        if silent := _SILENT.match(text, start, last) or _FIRST_SILENT.match(text, start, last):
            return silent.end()
        if name in ("frac", "tfrac", "dfrac", "nicefrac", "sfrac") and text.startswith("{", end):
            groups.append("/")
            return end + 1
        if name in _SYMBOLS:
            self._word(_SYMBOLS[name], start, end)
        elif name in _SPACES:
            self._space(start)
        elif name not in _SWITCHES and not _FONTS.fullmatch(name):
            self._word(name, start, end)
        else:
            return match.end()
        return end


def _is_money(inside: str) -> bool:
    """Whether what stands between two dollar signs reads like an amount and words: "$5 and $10"."""
    return inside[0].isdigit() and " " in inside and "\\" not in inside
