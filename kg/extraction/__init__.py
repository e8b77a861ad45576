"""Step 2: papers become extractions. Drives the pipelines of `extractors` here, in processes, or on a Ray cluster.

What is found in a text depends on nothing but the text, so that all three give the same, in the order of the texts.
"""

from kg.extraction.engines import ENGINES, Engine, cores, extract_papers, extract_texts
from kg.extraction.papers import as_json, confident, extract

__all__ = ["ENGINES", "Engine", "as_json", "confident", "cores", "extract", "extract_papers", "extract_texts"]
