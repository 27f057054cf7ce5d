"""Decides which pages a build leaves out: drafts, future pages and expired ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from ssg.content.source.document import SourceDocument
from ssg.model.page import parse_date


@dataclass(frozen=True, slots=True)
class IncludeOptions:
    """Which unpublished pages a build includes."""

    drafts: bool = False
    future: bool = False
    expired: bool = False


PUBLISHED_ONLY = IncludeOptions()


def left_out(
    document: SourceDocument, now: dt.datetime, include: IncludeOptions, zone: dt.tzinfo = dt.UTC
) -> str | None:
    """Why this build leaves a page out, or None."""
    if document.withheld and not include.drafts:
        return document.withheld
    begins = document.publish_date or document.date
    if begins and not include.future and parse_date(begins) > now:
        return f"to be published on {_with_zone(begins, zone)}"
    ends = document.expiry_date
    if ends and not include.expired and parse_date(ends) <= now:
        return f"expired on {_with_zone(ends, zone)}"
    return None


def _with_zone(date: str, zone: dt.tzinfo) -> str:
    """A date with the name of its zone, which is that of the site."""
    return f"{parse_date(date).replace(tzinfo=zone):%Y-%m-%d %H:%M %Z}"


def publication_times(document: SourceDocument) -> Iterator[float]:
    """The times at which the answer of `left_out` changes."""
    if begins := document.publish_date or document.date:
        yield parse_date(begins).timestamp()
    if document.expiry_date:
        yield parse_date(document.expiry_date).timestamp()
