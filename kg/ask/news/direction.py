"""Whether more or less of a metric is better, told by its names."""

from __future__ import annotations

from kg.metrics import less_is_better as lower_is_better

__all__ = ["lower_is_better"]
