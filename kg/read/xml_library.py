"""XML of PubMed and of EndNote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from kg.read.fields import folded, make_paper
from kg.read.foreign import root_of
from kg.read.markup import plain
from kg.read.people import of_parts, person
from kg.read.source import TOO_LONG, Source
from kg.read.xml_records import all_text, child_text, xml_records
from kg.records import Entry, Paper, SetAside


def is_pubmed_xml(head: str) -> bool:
    """Whether the text begins like a set of PubMed's articles."""
    return root_of(head) in ("PubmedArticleSet", "PubmedArticle", "MedlineCitationSet")


def is_endnote_xml(head: str) -> bool:
    """Whether the text begins like an export of EndNote: `<xml><records><record>`."""
    return root_of(head) in ("xml", "records") and "<record>" in head and "ref-type" in head


def read_pubmed_xml(source: Source) -> Iterator[Entry | SetAside]:
    """Yield an `Entry` for each article in order."""
    yield from _read(source, "PubmedArticle", _pubmed)


def read_endnote_xml(source: Source) -> Iterator[Entry | SetAside]:
    """Yield an `Entry` for each record in order."""
    yield from _read(source, "record", _endnote)


def _read(source: Source, tag: str, paper_of: Callable[[Any, str], Paper]) -> Iterator[Entry | SetAside]:
    rank = 0
    for number, element, too_long in xml_records(source, tag, doctype=True):
        if not number:
            continue
        try:
            if too_long:
                raise ValueError(f"record {TOO_LONG}")
            paper = paper_of(element, source.feed.name)
        except ValueError as error:
            yield source.aside(f"record {number}", str(error), all_text(element))
        else:
            rank += 1
            yield Entry(paper, source.feed, rank)


def _words(element: Any) -> str:
    """All the text in an element, its marked-up words among it."""
    return "" if element is None else folded("".join(element.itertext()))


def _pubmed(record: Any, source: str) -> Paper:
    article = record.find(".//Article")
    if article is None:
        raise ValueError("no Article in it")
    parts = []
    for part in article.findall("Abstract/AbstractText"):
        label, text = part.get("Label", ""), _words(part)
        parts.append(f"{label}: {text}" if label and text else text)
    dois = [e.text or "" for e in article.findall("ELocationID") if e.get("EIdType") == "doi"]
    dois += [e.text or "" for e in record.findall(".//ArticleIdList/ArticleId") if e.get("IdType") == "doi"][:1]
    pmid = record.findtext(".//PMID") or ""
    kinds = {folded(kind.text or "").lower() for kind in article.iter("PublicationType")}
    return make_paper(
        _words(article.find("ArticleTitle")),
        " ".join(filter(None, parts)),
        ids=tuple(dois),
        dates=(_day(article.find("ArticleDate")), _day(article.find("Journal/JournalIssue/PubDate"))),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid.isdigit() else "",
        source=source,
        authors=tuple(_author(author) for author in article.findall("AuthorList/Author")),
        withdrawn="retracted publication" in kinds or None,
    )


def _author(author: Any) -> str:
    if name := child_text(author, "CollectiveName"):
        return person(name, natural=True)
    given = child_text(author, "ForeName") or child_text(author, "Initials")
    return of_parts(given, child_text(author, "LastName"), child_text(author, "Suffix"))


def _day(element: Any) -> str:
    if element is None:
        return ""
    named = (child_text(element, part) for part in ("Year", "Month", "Day"))
    return " ".join(filter(None, named)).replace(" ", "-") if element.find("Year") is not None else _words(element)


def _endnote(record: Any, source: str) -> Paper:
    authors = [_words(author) for author in record.findall("contributors/authors/author")]
    urls = [_words(url) for url in record.findall("urls//url")]
    return make_paper(
        plain(_words(record.find("titles/title"))),
        plain(_words(record.find("abstract"))),
        ids=(*(_words(record.find(tag)) for tag in ("electronic-resource-num", "accession-num")), *urls),
        dates=(_words(record.find("dates/pub-dates/date")), _words(record.find("dates/year"))),
        url=next(iter(urls), ""),
        source=source,
        # EndNote marks an organisation by a comma at its end.
        authors=tuple(person(a.rstrip(", "), natural=True) if a.endswith(",") else person(a) for a in authors),
    )
