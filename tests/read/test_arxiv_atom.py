"""The Atom feed of the arXiv API."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.read import read
from kg.records import Entry

ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
  <title type="html">ArXiv Query</title>
  <entry>
    <id>http://arxiv.org/abs/2401.00001v2</id>
    <published>2024-01-02T18:00:00Z</published>
    <title>Small Models
      that See &amp; Read</title>
    <summary>  We introduce a model.
It is small.
    </summary>
    <author><name>Ada Example</name></author>
    <author><name>Bo Sample</name></author>
  </entry>
  <entry><id>http://arxiv.org/abs/2401.00002v1</id><title>No Abstract</title></entry>
</feed>
"""


def test_entries(tmp_path: Path) -> None:
    path = tmp_path / "atom.xml"
    path.write_text(ATOM)
    first, second = read(str(path))
    assert isinstance(first, Entry)
    assert first.paper.id == "arxiv:2401.00001"
    assert first.paper.title == "Small Models that See & Read"
    assert first.paper.abstract == "We introduce a model. It is small."
    assert first.paper.authors == ("Ada Example", "Bo Sample")
    assert str(first.paper.published) == "2024-01-02"
    assert getattr(second, "reason", "") == "no abstract"


@pytest.mark.parametrize(
    "text",
    [
        ATOM[:-40],
        ATOM.replace("UTF-8", "nosuch"),
        ATOM.replace("<feed", '<!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/hostname">]>\n<feed').replace(
            "It is", "&x;"
        ),
        ATOM.replace("<feed", '<!DOCTYPE feed [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<feed').replace(
            "It is", "&b;"
        ),
    ],
)
def test_broken_or_hostile_xml_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "atom.xml"
    path.write_text(text)
    with pytest.raises(SourceError, match="not well-formed"):
        list(read(str(path)))
