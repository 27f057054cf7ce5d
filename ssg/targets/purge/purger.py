"""The protocol of purgers. A purger makes a host forget cached responses, by their tags."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from ssg.model.cache_options import MAX_TAG_TEXT, purged_tag
from ssg.model.errors import Problem, PurgeError

_FORM = f"A tag is made from 1 to {MAX_TAG_TEXT} characters, none of them a control character"


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What a host has accepted to purge."""

    host: str
    tags: tuple[str, ...] = ()
    everything: bool = False
    requests: int = 1


class Purger(Protocol):
    """Makes one site's cache at a host forget responses. Raises PurgeError."""

    @property
    def host(self) -> str:
        """The host, in messages."""

    def purge(self, tags: Iterable[str]) -> PurgeReport:
        """Purge all responses with one of the tags. Refuses an empty list."""

    def purge_everything(self) -> PurgeReport:
        """Purge all responses of the site."""


def purge_in_batches(
    host: str, tags: Iterable[str], size: int, send: Callable[[tuple[str, ...], str], None]
) -> PurgeReport:
    """Send the tags in batches, each tag once. Raises PurgeError for no tags and for wrong ones.

    `send` also gets what was done before, for messages.
    """
    each = usable_tags(tags)
    starts = range(0, len(each), size)
    for start in starts:
        send(each[start : start + size], f"{start:,} tags were purged before" if start else "")
    return PurgeReport(host, each, requests=len(starts))


def usable_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """The cache tag of each text once (`as_cache_tag`).

    A request without tags would purge the whole site at some hosts.
    """
    meant = {text: purged_tag(text) for text in tags}
    if not meant:
        raise PurgeError(Problem("there is no tag to purge", None, "To purge all, say so: --all"))
    wrong = [text for text, tag in meant.items() if tag is None]
    if wrong:
        raise PurgeError(
            Problem(f"{json.dumps(text)} is not a cache tag", None, _FORM) for text in wrong
        )
    return tuple(dict.fromkeys(tag for tag in meant.values() if tag is not None))
