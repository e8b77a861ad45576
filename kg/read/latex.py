r"""LaTeX in bibliographic fields becomes the text that its author meant.

Accents, signs and quotes become characters; marked-up words (`\textbf{X}`, `{\em X}`) and protected letters (`{B}ERT`)
lose their mark-up. Mathematics stays, but for what is text in it.
"""

from __future__ import annotations

import re

from pylatexenc.latex2text import LatexNodes2Text

# An accent with its letter (`\"o`, `\'{\i}`, `\v{c}`, `\c c`) or a letter of its own (`\ss`, `\o{}`), braced or not.
_ACCENTED = r"""(?:\\(?:["'`^~=.]\s*(?:\{\s*(?:\\[ij]|[^\W\d_])\s*\}|\\[ij](?![A-Za-z])|[^\W\d_])
    |[uvHtcdbrk](?:\s*\{\s*(?:\\[ij]|[^\W\d_]{1,2})\s*\}|\s+[^\W\d_](?![A-Za-z]))
    |(?:aa|AA|ae|AE|oe|OE|dh|DH|dj|DJ|ng|NG|th|TH|o|O|l|L|ss|i|j)(?![A-Za-z])(?:\{\}|\s+(?=[A-Za-z]))?))"""
_LETTER = re.compile(rf"\{{\s*{_ACCENTED}\s*\}}|{_ACCENTED}", re.VERBOSE)
_MATH = re.compile(r"(?<!\\)(\$\$?.{1,2000}?(?<!\\)\$\$?|\\\(.{1,2000}?\\\))", re.DOTALL)
_NESTED = 12  # braces in braces
_LATEX = LatexNodes2Text()
# Escaped signs are put out of the way while braces are undone: each as a character that no text uses.
_SIGNS = {sign: chr(0xF0000 + index) for index, sign in enumerate("{}$%&#_~^\\")}
_BACK = {ord(mark): sign for sign, mark in _SIGNS.items()}
_ESCAPED = re.compile(r"\\([&%$#_{}])")
_KEPT_OPEN, _KEPT_CLOSE = "\U000f0100", "\U000f0101"
# Commands whose argument is text, and is what stands there.
_TEXT = (
    "text|textbf|textit|textsc|textsf|texttt|textrm|textup|textmd|textnormal|textsl|textsubscript|textsuperscript|emph"
    "|underline|uline|mbox|hbox|fbox|ensuremath|mathrm|mathbf|mathit|mathsf|mathtt|mathcal|mathbb|mathnormal|operatorname"
    "|boldsymbol|bm|textquote|enquote|MakeUppercase|MakeLowercase|uppercase|lowercase|bf|it|sc|tt|em|rm|sf|sl|small|smash"
    "|noopsort|natexlab|protect|relax|ul|sout|hl|textulc|acro|ac|acl|acs|gls|Gls|nocase|foreignlanguage|ce|xspace"
)
_GROUP = re.compile(r"(\\([A-Za-z]+)\*?[ \t]*)?\{([^{}]*)\}")
_IS_TEXT = re.compile(rf"(?:{_TEXT})")
# Commands that change how what follows looks.
_SWITCH = re.compile(
    r"\\(?:em|bf|it|sc|tt|rm|sf|sl|bfseries|itshape|scshape|ttfamily|rmfamily|sffamily|slshape|upshape|mdseries"
    r"|normalfont|tiny|small|footnotesize|large|Large|normalsize|noindent|centering|protect|relax|xspace|nobreak"
    r"|displaystyle|textstyle|boldmath)(?![A-Za-z])\s*"
)
_TWO = re.compile(
    r"\\(href|textcolor|colorbox|foreignlanguage)\s*\{((?:[^{}]|\{[^{}]*\})*)\}\s*\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
)
_URL = re.compile(r"\\(?:url|nolinkurl|path)\s*\{([^{}]*)\}")
_NOTE = re.compile(r"\s*\\(?:footnote|thanks)\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_CITED = re.compile(r"[ ~]?\\(?:cite[a-z]*|label|ref|eqref|vspace|hspace|footnotemark)\*?(?:\[[^\]]*\])*\s*\{[^{}]*\}")
_SPACES = re.compile(
    r"\\(?:\\(?:\[[^\]]*\])?|newline(?![A-Za-z])|par(?![A-Za-z])|linebreak(?![A-Za-z])|[ ,;:!>]|(?:q?quad|enspace|thinspace)(?![A-Za-z]))"
)
_NAMED = {
    "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "LaTeXe": "LaTeX2e", "ldots": "…", "dots": "…", "textellipsis": "…",
    "textendash": "–", "textemdash": "—", "textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“",
    "textquotedblright": "”", "textquotedbl": '"', "textquotesingle": "'", "quotesinglbase": "‚", "quotedblbase": "„",
    "guillemotleft": "«", "guillemotright": "»", "textregistered": "®", "texttrademark": "™", "textcopyright": "©",
    "copyright": "©", "textdegree": "°", "textless": "<", "textgreater": ">", "textbar": "|", "textmu": "µ",
    "texttimes": "×", "textpm": "±", "textonehalf": "½", "textbullet": "•", "textperiodcentered": "·", "dag": "†",
    "ddag": "‡", "S": "§", "P": "¶", "pounds": "£", "textsterling": "£", "texteuro": "€", "euro": "€", "textasteriskcentered": "*",
    "textasciigrave": "`", "textunderscore": _SIGNS["_"], "textdollar": _SIGNS["$"], "textbackslash": _SIGNS["\\"],
    "textasciitilde": _SIGNS["~"], "textasciicircum": _SIGNS["^"], "textbraceleft": _SIGNS["{"], "textbraceright": _SIGNS["}"],
    "textvisiblespace": " ", "slash": "/", "textsubscript": "", "nbsp": " ", "textpercent": _SIGNS["%"],
}  # fmt: skip
_SYMBOL = re.compile(
    rf"\\({'|'.join(sorted(_NAMED, key=lambda name: -len(name)))})(?![A-Za-z{{])(?:[ \t]+(?=[A-Za-z]))?"
)
_EMPTY = re.compile(rf"\\({'|'.join(sorted(_NAMED, key=lambda name: -len(name)))})\{{\}}")
_ALONE = re.compile(r"\\([~^])\{\}")
# What reference managers make of LaTeX that they take for plain text: Zotero's `{\textbackslash}textrm\{base\}`.
_AS_TEXT = re.compile(r"\{?\\textbackslash(?![A-Za-z])\s?\}?(?:\{\})?")
_AS_SIGN = re.compile(r"\{?\\textascii(circum|tilde)(?![A-Za-z])\s?\}?(?:\{\})?")
# In mathematics: words, and numbers, that are no formula.
_MATH_TEXT = re.compile(
    r"\\(?:text(?:bf|it|sc|sf|tt|rm|normal)?|math(?:rm|bf|it|sf|tt)|mbox|emph|operatorname)\s*\{([^{}$\\]*)\}"
)
_SIMPLE = re.compile(r"[\w .,:+%/@-]*(?:[_^]?\{[\w .,:+-]*\}|[_^][A-Za-z0-9])*[\w .,:+%/@-]*")
_WORD_BELOW = re.compile(r"[_^]\{?[A-Za-z]{2,}[\w .+-]*\}?")
_NUMBER = re.compile(r"[~\s]*[-+]?\d[\d.,]*\s*\\?%?\s*")


def decode_accents(text: str) -> str:
    r"""`M{\"u}ller` as `Müller`; other commands and braces stay."""
    if "\\" not in text:
        return text
    for _ in range(2):  # of two accents on a letter the inner one comes first
        text = _LETTER.sub(_letter, text)
    return text


def _letter(match: re.Match[str]) -> str:
    return str(_LATEX.latex_to_text(match.group())).strip()


def decode(text: str) -> str:
    """The text of a BibTeX field; commands that are not known stay as they are, and so does mathematics."""
    if "\\" not in text and "{" not in text and "``" not in text and "--" not in text and "$" not in text:
        return text
    if "textbackslash" in text:
        text = _as_typed(text)
    parts = _MATH.split(text)
    return "".join(_math(part) if index % 2 else _plain(part) for index, part in enumerate(parts))


def _as_typed(text: str) -> str:
    """LaTeX that was escaped as if it were plain text, as its author typed it."""
    text = _AS_TEXT.sub(lambda _: _SIGNS["\\"], text)
    text = _AS_SIGN.sub(lambda match: "^" if match[1] == "circum" else _SIGNS["~"], text)
    # Braces that protect letters from the reference manager go first: they are its own, not the author's.
    text = _ESCAPED.sub(lambda match: _SIGNS[match[1]], text)
    text = _ungrouped(text)
    # An escaped sign is the author's own command, or mark of mathematics, again; a sign after a backslash stays one.
    text = re.sub(rf"{_SIGNS[chr(92)]}([{''.join(_SIGNS.values())}])", lambda m: "\\" + m[1].translate(_BACK), text)
    for sign in "{}\\$_":
        text = text.replace(_SIGNS[sign], sign)
    return re.sub(
        rf"[{''.join(_SIGNS.values())}]", lambda m: "\\" + s if (s := m[0].translate(_BACK)) in "%&#" else s, text
    )


def _math(text: str) -> str:
    r"""`$\\text{Creek}_{base}$` as `Creek_base`, `$81.2\\%$` as `81.2%`; formulas as they are."""
    mark = 2 if text.startswith(("$$", "\\(")) else 1
    inner = text[mark:-mark]
    if _NUMBER.fullmatch(inner):
        return inner.replace("\\%", "%").replace("~", " ").strip()
    plain = inner
    for _ in range(3):
        plain = _MATH_TEXT.sub(r"\1", plain)
    plain = plain.replace("\\_", "_").replace("\\%", "%")
    if (plain != inner or _WORD_BELOW.fullmatch(inner)) and _SIMPLE.fullmatch(plain):
        return plain.replace("{", "").replace("}", "")
    return text


def _plain(text: str) -> str:
    text = decode_accents(text)
    if "\\" in text:
        text = _ALONE.sub(lambda match: _SIGNS[match[1]], text)
        text = _URL.sub(lambda match: _safe(match[1]), text)
        text = _TWO.sub(_two, text)
        text = _NOTE.sub(r" (\1)", text)
        text = _CITED.sub("", text)
        text = _ESCAPED.sub(lambda match: _SIGNS[match[1]], text)
        text = _EMPTY.sub(_named, text)
        text = _SYMBOL.sub(_named, text)
        text = _SPACES.sub(" ", text).replace("\\-", "").replace("\\/", "").replace("\\@", "")
    # An empty group only ends the command before it; dashes in braces are dashes.
    text = re.sub(r"(?<!\\)\{(-{2,3})\}", lambda match: "—" if len(match[1]) == 3 else "–", text)
    text = _ungrouped(text)
    text = _SWITCH.sub("", text) if "\\" in text else text
    text = re.sub(r"``(.{0,300}?)''", r"“\1”", text, flags=re.DOTALL) if "``" in text else text
    text = re.sub(r"(?<![`\w])`([^`'\n]{1,60})'(?![\w'])", r"‘\1’", text) if "`" in text else text
    if "--" in text:
        text = re.sub(r"(?<=\w)---(?=\w)|(?<= )---(?= )", "—", text)
        text = re.sub(r"(?<=[\w%.)])--(?=[\w$(])|(?<= )--(?= )", "–", text)
    return text.replace(_KEPT_OPEN, "{").replace(_KEPT_CLOSE, "}").translate(_BACK)


def _ungrouped(text: str) -> str:
    """Without the braces that group, protect or hold the text of a command; an unknown command keeps its own."""
    for _ in range(_NESTED):
        if "{" not in text:
            break
        text, count = _GROUP.subn(_group, text)
        if not count:
            break
    return text


def _group(match: re.Match[str]) -> str:
    command, name, inner = match.groups()
    if not command:
        return _SWITCH.sub("", inner) if inner.startswith("\\") else inner
    if _IS_TEXT.fullmatch(name):
        return inner
    # `\method{}`: the empty group ends the name
    return f"{command}{_KEPT_OPEN}{inner}{_KEPT_CLOSE}" if inner else command


def _named(match: re.Match[str]) -> str:
    return _NAMED[match.group(1)]


def _safe(url: str) -> str:
    """An address as it is, whatever it holds."""
    url = _ESCAPED.sub(r"\1", url).replace("\\~{}", "~").replace("\\~", "~")
    return "".join(_SIGNS.get(sign, sign) for sign in url)


def _two(match: re.Match[str]) -> str:
    command, first, second = match.groups()
    if command != "href":
        return second
    address = _safe(_URL.sub(r"\1", first))
    plain = re.sub(r"\\[A-Za-z]+\s*|[{}\s]", "", second)
    return address if plain == re.sub(r"[{}\s]", "", first) else f"{second} ({address})"
