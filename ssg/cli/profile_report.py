"""What `ssg build --profile` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ssg.build.profile import Profile
from ssg.cli.console import out, print_table

TEMPLATES = 15
PAGES = 10


def print_profile(profile: Profile) -> None:
    """Print tables of stages, templates, the slowest pages, and caches."""
    for titles, rows in _tables(profile):
        if rows:
            out.print()
            print_table(rows, titles)


def _tables(profile: Profile) -> Iterator[tuple[Sequence[str], list[Sequence[str]]]]:
    yield ("stage", "seconds"), [(name, f"{took:.3f}") for name, took in profile.stages.items()]
    yield (
        ("template", "calls", "own s", "total s", "ms a call"),
        [
            (
                name, f"{spent.calls:,}", f"{spent.own:.3f}", f"{spent.whole:.3f}",
                f"{spent.whole / max(spent.calls, 1) * 1000:.2f}",
            )
            for name, spent in list(profile.templates.items())[:TEMPLATES]
        ],
    )  # fmt: skip
    yield (
        ("slowest pages", "template", "ms"),
        [
            (page.path, page.template, f"{page.seconds * 1000:.1f}")
            for page in profile.pages[:PAGES]
        ],
    )
    yield (
        ("cache", "hits", "misses", "rate"),
        [
            (name, f"{rate.hits:,}", f"{rate.misses:,}", f"{rate.share:.0%}")
            for name, rate in profile.caches.items()
        ],
    )
