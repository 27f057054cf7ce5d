"""Which pages a build leaves out: drafts, and what is not published yet or no more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from ssg.content.source.document import SourceDocument
from ssg.model.page import parse_date


@dataclass(frozen=True, slots=True)
class IncludeOptions:
    """Which pages a build takes in that it would leave out."""

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
        return f"to be published on {_told(begins, zone)}"
    ends = document.expiry_date
    if ends and not include.expired and parse_date(ends) <= now:
        return f"expired on {_told(ends, zone)}"
    return None


def _told(date: str, zone: dt.tzinfo) -> str:
    """A date, which is in the site's zone already, with the name of that."""
    return f"{parse_date(date).replace(tzinfo=zone):%Y-%m-%d %H:%M %Z}"


def publication_times(document: SourceDocument) -> Iterator[float]:
    """When `left_out` begins to say something else."""
    if begins := document.publish_date or document.date:
        yield parse_date(begins).timestamp()
    if document.expiry_date:
        yield parse_date(document.expiry_date).timestamp()
