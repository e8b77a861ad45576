"""A knowledge graph of machine-learning papers, from a feed of titles and abstracts.

The steps are verbs and run in this order: `kg.read` turns a source into papers, `kg.extraction` turns papers into
extractions, `kg.resolve` makes one node of the many names of one thing, `kg.tables` writes the graph into a store,
`kg.ask.named` asks it questions and `kg.view` draws it. `kg.pipeline` calls the first four.

Only nouns are exported here. `extractors` imports `kg.records`, so an import of the pipeline in this file would be
circular.
"""

from kg.errors import KgError
from kg.records import Entity, Extraction, Link, Mention, Paper, ResultClaim

__all__ = ["Entity", "Extraction", "KgError", "Link", "Mention", "Paper", "ResultClaim", "__version__"]

__version__ = "0.1.0"
