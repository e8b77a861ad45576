"""Before step 1: public lists of papers are fetched over the network into a feed file. Nothing else here fetches."""

from kg.fetch.arxiv import ARXIV, fetch_arxiv
from kg.fetch.client import Client
from kg.fetch.feed import write_feed
from kg.fetch.huggingface import HUGGING_FACE, fetch_daily_papers

__all__ = ["ARXIV", "HUGGING_FACE", "Client", "fetch_arxiv", "fetch_daily_papers", "write_feed"]
