"""URLs in the text of a paper: where they stand, their cleaned form, and what kind of page they lead to.

Abstracts carry URLs wrapped in LaTeX, glued to the next sentence, without a scheme, or broken by a space.
Feeds are hostile: every pattern is linear in the text (possessive quantifiers, bounded repeats).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator

from spacy.language import Language
from spacy.tokens import Doc

from extractors.spans import LINKS, stored_of
from kg.records import Link, LinkKind

MAX_LENGTH = 2000  # a longer run of characters is no URL
MAX_HOST = 253  # characters, by RFC 1035
MAX_SPACES = 4  # that break one URL


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Soft hyphens, zero-width spaces and joiners are invisible and pasted along with a URL; the dashes stand for "-".
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_DASHES = "\u2010\u2011"
_CHAR = rf"\w\-{_INVISIBLE}{_DASHES}"
_LABEL = rf"[{_CHAR}]++"
# `(?a)`: without it "httpſ" is "https" in another case. "athttps://x.org" lost a space; "sftp:" is another scheme.
_SCHEME = r"(?P<scheme>(?ai:https?|(?<![a-z])ftp))(?:\s{0,2}[:;：]\s{0,2}[/／]\s?[/／]{0,2}|//)\s{0,2}"
_NO_SCHEME = rf"(?<![{_CHAR}@./\\])(?<!javascript:)(?<!data:)(?<!mailto:)(?={_LABEL}(?:\.{_LABEL})++(?!@))"
_START = re.compile(f"{_SCHEME}|{_NO_SCHEME}")
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*+")
# "https://github. com/a/b", "https://group. github.io/x": only where a path follows.
_BROKEN_HOST = re.compile(rf"[{_CHAR}]{{1,63}}+(?:\s?\.\s?[{_CHAR}]{{1,63}}+){{1,5}}+(?=/)")
_TOP_LABEL = re.compile(r"[^\W\d_]{2,}|xn--[a-z0-9-]+")
_NAME = re.compile(r"\w[^.]*+(?:\.[^.]++)++\Z")
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_TEX = (
    r"\{\\_\}|\\{1,3}[_#%&~\-](?:\{\})?|\{?\\textunderscore(?:\{\}|\s)?\}?"
    r"|\$\\(?:sim|tilde|_)\$|\\sim(?![a-z])|\{?\\textasciitilde(?:\{\}|\s)?\}?"
)
# Port, path and query. They end before a second URL (unless it is a part of this one, as in an archive), before a
# comma that is not between digits, and before "~" (a space in TeX) that does not begin a user's name.
_TAIL_START = re.compile(r":\d{1,5}(?!\d)|[/?#]|\\#")
_TAIL = re.compile(
    rf"(?:(?!(?ai:(?:and)?https?:/))[{_CHAR}.:/?#@()+=%]|(?<=[/=])(?ai:h)|(?<=/)~|(?<=\d),(?=\d)"
    rf"|&(?!(?:[lg]t|quot|nbsp|#\d{{1,4}});)(?:amp;)?|{_TEX}){{0,{MAX_LENGTH}}}+"
)
_TRAILING = rf".:?@&(%~#\{_INVISIBLE}"
# Of `clean_url`: what need not be cleaned, and what goes.
_CLEAN = re.compile(rf"(?:https?|ftp)://[a-z0-9.-]++(?:[/?#][^\s\\{{}}$&{_INVISIBLE}{_DASHES}]*+)?")
_UNSEEN = re.compile(rf"[\s{_INVISIBLE}]")
_DASH = re.compile(rf"[{_DASHES}]")
_TEX_TILDE = re.compile(r"\{?\$?\\+(?:sim|tilde|textasciitilde)(?![a-z])(?:\{\})?\$?\}?")
_TEX_UNDERSCORE = re.compile(r"\{?\\+textunderscore(?:\{\})?\}?")
_MARKUP = re.compile(r"[\\{}$]")
_AMPERSAND = re.compile(r"&(?:amp;)+")
_ANY_SCHEME = re.compile(r"(?ai:(https?|ftp))(?:[:;：][/／]+|//)")
_UP_TO_PATH = re.compile(r"[/?#]")
_PARTS = re.compile(r"[a-z]+://(?:[^/?#@]*+@)*([^/?#:]*+)[^/?#]*+([^?#]*)")
_BRACKET = re.compile(r"[()]")
# First words of the next sentence, where the space after the full stop is missing.
_GLUED_WORDS = _words(
    "We Our The This These In It To For With All Both Here And As By On Code Data Dataset Datasets Model Models "
    "Project Page Website Demo Video Videos Contribution Contributions Keywords However Moreover Furthermore Finally"
)
# What may go on after a space, and what follows the last word of a sentence.
_NEXT_PART = re.compile(
    rf"\s(?!(?:and|or|for|with|to|the|in|is|are|which|that|where)\b)([A-Za-z0-9][{_CHAR}.]{{0,99}}+/?)"
)
# What names a vocabulary of XML and leads nowhere.
_NAMESPACE = re.compile(r"\bxmlns(?::[\w.-]{1,40})?\s?=\s?(?:[\"']|&quot;)?$")
# What one clones from: "git@github.com:owner/name.git", "ssh://git@…", "git://…".
_CLONE = re.compile(
    r"(?<![\w@./:\-])(?:(?:ssh|git)://(?:git@)?|git@)(?P<host>[A-Za-z0-9\-.]{4,100})(?::(?:\d{1,5}/)?|/)"
    r"(?P<path>[\w\-.]{1,100}/[\w\-.]{1,100})"
)
_SLUG = re.compile(r"[-_/\d]|\w[A-Z]")
_CLOSED = re.compile(r"[.,;)\]}]{0,5}(?:\s[.,;])?(?:\s{1,5}[A-Z(]|\s{0,5}\Z)")
# What announces a bare name such as "projectaria.com".
_CUES = _words(
    "available accessible accessed found hosted online released live public published deployed visit see website "
    "homepage page demo url link code data dataset https"
)
_LAST_CUES = _words("at via under visit see :")
_WORD = re.compile(r"[a-z]+|:")
_LETTER = re.compile("[a-z]")
# Of a name without a scheme. File endings that are countries too (py, md, sh, rs) and code (to, so) are left out.
_TOP_LABELS = _words(
    "com org net edu gov int info io ai co me dev app tech xyz site online cloud page science space live link earth "
    "world wiki tools studio art bio health institute academy education university network group team systems software "
    "digital fun run top pub press news blog design eu uk de fr nl be ch at it es pt ie se no fi dk is pl cz sk si hr "
    "hu ro bg gr tr ru ua lt lv ee lu il ir in cn hk tw jp kr sg th vn id ph au nz ca us mx br ar cl za sa ae pk bd "
    "gal gl gle cat asia"
)

_CODE_HOSTS = _words("github.com gitlab.com bitbucket.org codeberg.org gitee.com gitcode.com openi.pcl.ac.cn")
# Code hosts without accounts: what stands in an owner's place there, and what that is written as.
_NO_ACCOUNTS = {
    "anonymous.4open.science": {"r": "r", "w": "r", "repository": "repository"},
    "sourceforge.net": {"projects": "projects", "p": "projects"},
}
_OWN_GIT = re.compile(r"(?!\w+\.com\.)(?:git|gogs|forgejo|github|(?:gitlab|gitea|bitbucket)(?:-[a-z0-9-]+)?)\.[^.]+\.")
# First parts of a path on a code host that are no account, and what stands after the name of a repository.
_NO_OWNER = _words(
    "about apps collections enterprise explore features issues login marketplace notifications pricing pulls search "
    "security settings signup site sponsors topics trending"
)
_INSIDE = _words("- tree blob raw src wiki wikis issues pulls releases commit commits merge_requests")
_PAGE_HOSTS = _words(  # each gives its users a host name
    "github.io gitlab.io readthedocs.io netlify.app vercel.app streamlit.app hf.space web.app pages.dev notion.site"
)
_HUBS = _words("huggingface.co hf.co modelscope.cn kaggle.com")
_PLATFORMS = _CODE_HOSTS | _NO_ACCOUNTS.keys() | _HUBS | _words("zenodo.org doi.org arxiv.org youtube.com youtu.be")
_HUB_PARTS: dict[str, LinkKind] = {"datasets": "dataset", "spaces": "demo", "studios": "demo", "models": "model"}
_HUB_PAGES = _words("papers collections blog docs learn posts chat tasks")
_KINDS: dict[LinkKind, frozenset[str]] = {
    "video": _words("youtube.com youtu.be vimeo.com bilibili.com b23.tv"),
    "dataset": _words(
        "zenodo.org figshare.com data.mendeley.com ieee-dataport.org physionet.org openneuro.org synapse.org "
        "datadryad.org opendatalab.com archive.ics.uci.edu universe.roboflow.com"
    ),
    "demo": _words("colab.research.google.com hf.space streamlit.app gradio.app gradio.live mybinder.org"),
    "model": _words("ollama.com civitai.com"),
    "other": _words(
        "doi.org arxiv.org openreview.net aclanthology.org semanticscholar.org wikipedia.org bit.ly "
        "tinyurl.com shorturl.at cutt.ly goo.gl goo.gle t.co aka.ms drive.google.com docs.google.com dropbox.com "
        "box.com forms.gle pypi.org npmjs.com hub.docker.com apps.apple.com play.google.com osf.io codalab.org "
        "codabench.org twitter.com x.com linkedin.com medium.com discord.gg dl.acm.org ieeexplore.ieee.org "
        "link.springer.com sciencedirect.com nature.com"
    ),
}
_KIND_OF: dict[str, LinkKind] = {domain: kind for kind, domains in _KINDS.items() for domain in domains}
_KIND_OF |= dict.fromkeys((*_CODE_HOSTS, *_NO_ACCOUNTS), "other")
_NO_DATA_HOSTS = _PAGE_HOSTS | {"sites.google.com"}
_DATA_WORDS = re.compile(r"(?<![a-z0-9])(?:datasets?|dataverse|zenodo|figshare|dryad)(?![a-z0-9])|^data\.")
_DEMO_WORDS = re.compile(r"(?<![a-z0-9])(?:demos?|playground)(?![a-z0-9])")


def find_links(text: str) -> list[Link]:
    """Find all URLs in `text`, in order, a repeated one each time it stands there. Only http, https and ftp.

    An address to clone from is the repository's page: "git@github.com:a/b.git" gives "https://github.com/a/b".
    """
    links = []
    position = 0
    while match := _START.search(text, position):
        at, bare = match.end(), not match["scheme"]
        if not bare and _NAMESPACE.search(text, max(0, match.start() - 60), match.start()):
            position = at
            continue
        host = _host(text, at, bare=bare)
        if host is None:
            run = _HOST.match(text, at) if bare else None
            # "results.https://x.org": the last letters of a rejected name may be a scheme.
            position = max(at + 1, run.end() - len("https")) if run else at
            continue
        start = host[0] if bare else match.start()
        end, position = _end(text, start, *host)
        if end - start < MAX_LENGTH:
            url = clean_url(text[start:end])
            kind = link_kind(url)
            links.append(Link(url.removesuffix(".git") if kind == "repository" else url, kind, start, end))
    return sorted([*links, *_clone_addresses(text)], key=lambda link: link.start) if "git" in text else links


def _clone_addresses(text: str) -> Iterator[Link]:
    """Repositories given by what one clones them from, as the links that lead to them."""
    for match in _CLONE.finditer(text):
        path = match["path"].rstrip(".")
        url = clean_url(f"https://{match['host']}/{path.removesuffix('.git')}")
        if link_kind(url) == "repository":
            yield Link(url, "repository", match.start(), match.start("path") + len(path))


def clean_url(raw: str) -> str:
    """Write out the URL `raw` stands for: no LaTeX or invisible characters, a scheme, the host in lower case."""
    if _CLEAN.fullmatch(raw):
        return raw
    url = _DASH.sub("-", _UNSEEN.sub("", raw))
    if "\\" in url:
        url = _TEX_UNDERSCORE.sub("_", _TEX_TILDE.sub("~", url))
    url = _AMPERSAND.sub("&", _MARKUP.sub("", url))
    scheme = _ANY_SCHEME.match(url)
    rest = (url[scheme.end() :] if scheme else url).lstrip("/／")
    host = _UP_TO_PATH.split(rest, maxsplit=1)[0]
    return f"{scheme[1].lower() if scheme else 'https'}://{host.lower()}{rest[len(host) :]}"


def repository_of(url: str) -> tuple[str, str, str] | None:
    """Host, owner and name, as written, of the code repository that `url` leads into; None where it is none.

    The owner of a nested GitLab project is "group/subgroup"; on a host without accounts it is the path's fixed part
    (the "r" of anonymous.4open.science/r/name). The name is "" for an account's own page.
    """
    host, path = _split(url)
    host = {"raw.githubusercontent.com": "github.com"}.get(host, host)
    parts = [part for part in path.split("/") if part]
    if host in _NO_ACCOUNTS:
        known = len(parts) > 1 and parts[0] in _NO_ACCOUNTS[host]
        return (host, _NO_ACCOUNTS[host][parts[0]], _repository_name(parts[1])) if known else None
    if host == "gist.github.com" and len(parts) > 1:
        return host, parts[0], parts[1]
    if parts and parts[0].lower() in ("orgs", "users"):
        parts = parts[1:2]
    if not _is_code_host(host) or not parts or parts[0].lower() in _NO_OWNER:
        return None
    if len(parts) == 1:
        return host, parts[0], ""
    length = next((i for i, part in enumerate(parts) if i > 1 and part.lower() in _INSIDE), len(parts))
    if host in _CODE_HOSTS and host != "gitlab.com":
        length = 2
    return host, "/".join(parts[: length - 1]), _repository_name(parts[length - 1])


def link_kind(url: str) -> LinkKind:
    """Tell what `url` leads to, from the URL alone; a page of an unknown host is taken for a project's."""
    if repository_of(url):
        return "repository"
    host, path = _split(url)
    first = path.strip("/").split("/", 1)[0].lower()
    if _domain(host, _HUBS):
        if first in _HUB_PARTS:
            return _HUB_PARTS[first]
        return "other" if not first or first in _HUB_PAGES or host == "kaggle.com" else "model"
    kind = _KIND_OF.get(_domain(host, _KIND_OF))
    if kind is None or kind == "other":
        where = f"{host}{path}".lower()
        if _DATA_WORDS.search(where) and not _domain(host, _NO_DATA_HOSTS):
            return "dataset"
        if _DEMO_WORDS.search(where):
            return "demo"
    return kind or ("other" if url.startswith("ftp:") else "project")


@Language.factory("kg_links")
def create_links(nlp: Language, name: str) -> Callable[[Doc], Doc]:  # noqa: ARG001 - spaCy passes both
    """Make a component that leaves the links of a text in `doc.user_data["kg.links"]`."""

    def component(doc: Doc) -> Doc:
        # Of the stored text: a link may stand where the clean text shows nothing, as in \\href{…}.
        doc.user_data[LINKS] = find_links(stored_of(doc))
        return doc

    return component


def _split(url: str) -> tuple[str, str]:
    """Host (without user, port and "www.") and path of a URL. `urlsplit` raises on some hostile ones."""
    parts = _PARTS.match(clean_url(url))
    if not parts or len(parts[1]) > MAX_HOST:
        return "", ""
    return parts[1].strip(".").removeprefix("www."), parts[2]


def _domain(host: str, known: Container[str]) -> str:
    """Find the known domain that `host` is or belongs to; "" for none."""
    while host and host not in known:
        host = host.partition(".")[2]
    return host


def _is_code_host(host: str) -> bool:
    return host in _CODE_HOSTS or host in _NO_ACCOUNTS or bool(_OWN_GIT.match(host) and not _domain(host, _PAGE_HOSTS))


def _repository_name(part: str) -> str:
    return re.sub(r"[^\w.-].*", "", part, flags=re.S).removesuffix(".git").strip(".")


def _host(text: str, at: int, *, bare: bool) -> tuple[int, int] | None:
    """Where the host name at `at` begins and ends; None where it is none."""
    run = _HOST.match(text, at)
    if run is None:
        return None
    start, end = run.span()
    while bare and start < end and (_CJK.match(text, start) or not text[start].isalnum()):
        start += 1
    glued = _CJK.search(text, start, end) if text[start:end][:1].isascii() else None
    labels = text[start : glued.start() if glued else end].rstrip(f"-{_TRAILING}").split(".")
    while len(labels) > 2 and labels[-1].istitle() and labels[-2] in _TOP_LABELS:
        labels.pop()  # "x.github.io.We present"
    host = ".".join(labels)
    broken = _BROKEN_HOST.match(text, at) if not bare and labels[-1].lower() not in _TOP_LABELS else None
    if broken and broken[0].rpartition(".")[2].strip() in _TOP_LABELS:
        return broken.span()
    name = clean_url(host).partition("://")[2]
    valid = len(name) <= MAX_HOST and _NAME.match(name) and _TOP_LABEL.fullmatch(name.rpartition(".")[2])
    accepted = valid and _is_bare(text, start, start + len(host), name) if bare else valid or _IPV4.fullmatch(name)
    return (start, start + len(host)) if accepted else None


def _is_bare(text: str, start: int, end: int, name: str) -> bool:
    """Whether a name without a scheme is a URL, and not a file, a module, a product or two glued sentences."""
    top = name.rpartition(".")[2]
    path = text.startswith("/", end)
    if top not in _TOP_LABELS:
        return False
    if name.startswith("www."):
        return name.count(".") > 1
    if _domain(name, _PAGE_HOSTS):
        return name not in _PAGE_HOSTS
    if _domain(name, _PLATFORMS):
        return path and text[end + 1 : end + 2].isalnum()
    if text[start:end] != name or not _LETTER.search(name[: -len(top)]):
        return False  # "Typica.ai", "ASP.NET", "tasks.In"; "3.5.in"
    labels = name.split(".")[:-1]
    if path or (len(labels) > 1 and max(map(len, labels)) > 3):
        return True
    words = _WORD.findall(text[max(0, start - 80) : start].lower())
    return bool(words) and words[-1] in _LAST_CUES and not _CUES.isdisjoint(words[-10:])


def _end(text: str, start: int, host_start: int, host_end: int) -> tuple[int, int]:
    """Where the URL that begins at `start` ends, and from where to look for the next one."""
    host = text[host_start:host_end]
    code_host = _is_code_host(_split(host)[0])
    wrapper = text[start - 1 : start] if start else ""
    read = _tail(text, host_end) if _TAIL_START.match(text, host_end) else host_end
    for _ in range(MAX_SPACES + 1):
        tail = _trim(text[host_end:read], wrapper, ascii_only=host.isascii(), code_host=code_host)
        end = host_end + len(tail)
        part = _NEXT_PART.match(text, end) if end == read else None
        if part is None or not _goes_on(text, tail, part, code_host=code_host):
            break
        read = _tail(text, part.start(1))
    return end, read


def _tail(text: str, at: int) -> int:
    match = _TAIL.match(text, at)
    return match.end() if match else at


def _goes_on(text: str, path: str, part: re.Match[str], *, code_host: bool) -> bool:
    """Whether the word after the space belongs to the URL: "github.com/a/ b-c.", "github.com/a/b- c"."""
    if path.endswith("-"):
        return True
    if not path.endswith("/") or path.count("/") > (2 if code_host else 1):
        return False
    word = part[1].rstrip(".")
    if code_host and path == "/" and word.endswith("/"):
        return True
    # A word that looks like a path's (not "Code", "and", "video") and is the last of its sentence.
    return bool(_SLUG.search(word) and _CLOSED.match(text, part.start(1) + len(word)))


def _trim(tail: str, wrapper: str, *, ascii_only: bool, code_host: bool) -> str:
    """Leave off what is not the URL's own: a bracket it did not open, punctuation, the next sentence's word."""
    if ascii_only and (glued := _CJK.search(tail)):
        tail = tail[: glued.start()]
    opened: list[int] = []
    for bracket in _BRACKET.finditer(tail):
        if bracket[0] == "(" and not code_host:
            opened.append(bracket.start())
        elif opened:
            opened.pop()
        else:
            tail = tail[: bracket.start()]
            break
    tail = _strip(tail[: opened[0]] if opened else tail)
    if wrapper in ("+", "_"):
        tail = tail.removesuffix(wrapper)  # \verb+…+, _…_
    tail = tail.rstrip("-") if tail.endswith("--") else tail
    before, _, word = tail.rpartition(".")
    return _strip(before if word in _GLUED_WORDS else tail)


def _strip(tail: str) -> str:
    while (tail := tail.rstrip(_TRAILING)).endswith("&amp;"):
        tail = tail.removesuffix("&amp;")
    return tail
