"""What the dashboard shows of pictures and their variants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ssg.edge.events import VariantOutcome
from ssg.model.pluralize import counted
from ssg.preview.dashboard import formatting
from ssg.preview.dashboard.build_facts import BuildFact
from ssg.preview.deployment import BuildInfo
from ssg.preview.images.variant_counts import VariantCounts


def picture_context(info: BuildInfo | None, counts: VariantCounts) -> dict[str, Any]:
    """The variables of `pictures.html`."""
    return {
        "picture_facts": list(_facts(info, counts)),
        "variants": counts.newest(),
        "failed_variants": counts.totals().get(VariantOutcome.FAILED, 0),
    }


def _facts(info: BuildInfo | None, counts: VariantCounts) -> Iterator[BuildFact]:
    figures = info.pictures if info else None
    if figures is None:
        return
    number = formatting.number
    variants = figures.built + figures.deferred
    yield BuildFact("Pictures", number(figures.pictures), f"with {counted(variants, 'variant')}")
    yield BuildFact("Made by the build", number(figures.built), f"{figures.deferred:,} deferred")
    made = counts.totals().get(VariantOutcome.MADE, 0)
    mean = counts.mean_milliseconds()
    took = f"{formatting.duration(mean)} each" if mean is not None else "since the start"
    yield BuildFact("Made on request", number(made), took)
    files, size = figures.cached()
    yield BuildFact("Variants in the cache", number(files), formatting.size(size))
