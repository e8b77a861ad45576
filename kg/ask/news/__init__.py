"""What is new in a graph, since a day or a feed, or by a feed; asked of any store."""

from kg.ask.news.records import NewPaper, NewResult, News, NewThing, NewUse, as_records
from kg.ask.news.since import news_of, news_since

__all__ = ["NewPaper", "NewResult", "NewThing", "NewUse", "News", "as_records", "news_of", "news_since"]
