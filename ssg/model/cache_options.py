"""What a site asks of its host's cache, and the cache tags that an author may write."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from unicodedata import normalize

CACHE_OPTION_KEYS = {"ttl": "ttl_seconds", "stale": "stale_seconds", "cache_tags": "cache_tags"}
"""The keys of these options in front matter and in the configuration, each with its field."""

MAX_CACHE_TAGS = 20
"""Of one page. A response has at most 50 tags, and those that `ssg` adds need the others."""

TAG_KINDS = frozenset(
    {
        "build", "count", "data", "file", "first", "list", "messages", "newest", "page", "pages",
        "part", "picture", "published", "query", "row", "rows", "schema", "shown", "source",
        "template",
    }
)  # fmt: skip
"""What the tags of `ssg` begin with, before a colon (`ssg.render.dependencies.tags`)."""
TAG_NAMES = frozenset({"any", "menus", "now", "site"})
"""Tags of `ssg` without a kind."""
CACHE_ID = "ssg"
"""The name under which a cache keeps answers over deploys: the same in every build, so that those
of one build are those of the next. At Netlify it is also one of their tags."""

MAX_TAG_LENGTH = 128
MAX_TAG_TEXT = 1000
"""The largest number of characters of a text that is to become a tag."""
_NOT_IN_TEXTS = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_TAG = re.compile(r"[a-z0-9:._-]{1,128}")
_NOT_IN_TAGS = re.compile(r"[^a-z0-9:._-]")


@dataclass(frozen=True, slots=True)
class CacheOptions:
    """`ttl`, `stale` and `cache_tags` of one place; None for one that is not set there."""

    ttl_seconds: int | None = None
    stale_seconds: int | None = None
    cache_tags: tuple[str, ...] | None = None

    def value(self, key: str) -> object:
        """The value of a key; None if it is not set."""
        return getattr(self, CACHE_OPTION_KEYS[key])

    def or_else(self, other: CacheOptions) -> CacheOptions:
        """These options, and those of `other` for the ones that are not set."""
        return CacheOptions(
            other.ttl_seconds if self.ttl_seconds is None else self.ttl_seconds,
            other.stale_seconds if self.stale_seconds is None else self.stale_seconds,
            other.cache_tags if self.cache_tags is None else self.cache_tags,
        )


def is_cache_tag(text: str) -> bool:
    """Whether a text can be a cache tag at every host: 1 to 128 of `a-z 0-9 : . _ -`."""
    return bool(_TAG.fullmatch(text))


def as_cache_tag(text: str) -> str:
    """The cache tag for a text that data has made: `post:Ana/Über` -> `post:ana:_c3_bcber`.

    Different texts may have one tag; purging it forgets the answers of both. Two spellings of one
    letter, `é` and `e` with an accent, have one: visitors write either into a path.
    """
    lower = normalize("NFC", text.lower()).replace("/", ":")
    tag = _NOT_IN_TAGS.sub(lambda found: _in_hex(found[0]), lower)
    if len(tag) <= MAX_TAG_LENGTH:
        return tag
    return f"{tag[: MAX_TAG_LENGTH - 8]}{zlib.crc32(tag.encode()):08x}"


def purged_tag(text: str) -> str | None:
    """The cache tag that is meant by a text for a purge, such as `post:Ana/Über`; None if none is.

    `ssg/targets/netlify/purge/cache_tag.mjs` does the same.
    """
    if not 0 < len(text) <= MAX_TAG_TEXT or _NOT_IN_TEXTS.search(text):
        return None
    return as_cache_tag(text)


def _in_hex(text: str) -> str:
    return "".join(f"_{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))


def cache_tag_problem(tag: str) -> str | None:
    """Why a text is not a cache tag that an author may write; None if it is one."""
    if not is_cache_tag(tag):
        return "may have only a to z, 0 to 9 and :._-, and at most 128 characters"
    kind, colon, _ = tag.partition(":")
    if tag in TAG_NAMES or (colon and kind in TAG_KINDS):
        return "is one of those that ssg makes itself"
    if tag == CACHE_ID:
        return "is that of every page in a kept cache. Choose another"
    return None
