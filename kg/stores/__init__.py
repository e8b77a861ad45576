"""Where a graph can live. A store is opened by `open_store`; nothing outside this folder asks which one it is."""

from kg.stores.base import Capabilities, Limits, LoadProgress, Rows, Store
from kg.stores.open import STORES, open_store

__all__ = ["STORES", "Capabilities", "Limits", "LoadProgress", "Rows", "Store", "open_store"]
