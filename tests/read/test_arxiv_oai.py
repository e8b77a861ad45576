"""OAI-PMH answers of arXiv, in its three forms."""

from __future__ import annotations

import pytest

from kg.errors import SourceError
from tests.read.conftest import Parse

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
    "<responseDate>2024-01-01T00:00:00Z</responseDate>"
)
FULL = """<record><header><identifier>oai:arXiv.org:cs/0112017</identifier></header><metadata>
<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>cs/0112017</id><created>2001-12-14</created><authors>
<author><keyname>Example</keyname><forenames>Ada</forenames><suffix>Jr</suffix></author></authors>
<title>Using Structural
 Metadata</title><categories>cs.DL</categories><abstract>  With the growth
  of the Web. </abstract></arXiv></metadata></record>"""
RAW = """<record><header><identifier>oai:arXiv.org:2103.00020</identifier></header><metadata>
<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2103.00020</id>
<version version="v1"><date>Fri, 26 Feb 2021 19:04:58 GMT</date></version><title>Raw</title><authors>A</authors>
<abstract>Text.</abstract></arXivRaw></metadata></record>"""
DUBLIN = """<record><header><identifier>oai:arXiv.org:2103.00021</identifier></header><metadata>
<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>Dublin</dc:title><dc:creator>Example, Ada</dc:creator><dc:description>Words.</dc:description>
<dc:description>Comment: 3 pages</dc:description><dc:date>2021-02-28</dc:date><dc:date>2021-03-05</dc:date>
<dc:identifier>http://arxiv.org/abs/2103.00021</dc:identifier></oai_dc:dc></metadata></record>"""
DELETED = '<record><header status="deleted"><identifier>oai:arXiv.org:2103.1</identifier></header></record>'


def test_records_in_three_forms(parse: Parse) -> None:
    entries, aside = parse(
        f"{HEAD}<ListRecords>{FULL}{RAW}{DELETED}{DUBLIN}<resumptionToken>x</resumptionToken></ListRecords></OAI-PMH>"
    )
    full, raw, dublin = (e.paper for e in entries)
    assert (full.id, full.title, full.abstract) == (
        "arxiv:cs/0112017",
        "Using Structural Metadata",
        "With the growth of the Web.",
    )
    assert (full.authors, str(full.published)) == (("Ada Example Jr",), "2001-12-14")
    assert (raw.id, str(raw.published)) == ("arxiv:2103.00020", "2021-02-26")
    assert (dublin.id, dublin.abstract, dublin.authors) == ("arxiv:2103.00021", "Words.", ("Ada Example",))
    assert str(dublin.published) == "2021-02-28"
    assert [(a.position, a.reason) for a in aside] == [("record 3", "deleted at the source")]


def test_what_the_server_refuses_is_passed_on(parse: Parse) -> None:
    with pytest.raises(SourceError, match="the server said: nothing matches"):
        parse(f'{HEAD}<error code="noRecordsMatch">nothing matches</error></OAI-PMH>')


def test_utf_16_is_read_though_it_names_its_encoding(parse: Parse) -> None:
    text = f"{HEAD}<ListRecords>{RAW}</ListRecords></OAI-PMH>".replace("UTF-8", "UTF-16")
    assert len(parse(text.encode("utf-16"))[0]) == 1
