"""Headers for files whose names change with their content: browsers may keep them for ever.

Source: https://docs.netlify.com/manage/routing/headers/; `immutable` is RFC 8246.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from ssg.model.images.variant import VARIANTS_PATH
from ssg.model.queries.site import Site
from ssg.model.settings import SiteSettings
from ssg.model.urls import quote_path
from ssg.redirects.formats.headers_file import write_headers
from ssg.redirects.header_rule import HeaderRule
from ssg.search.paths import parts_folder
from ssg.targets.target import TAG_TABLES_PATH, TEXTS_PATH

LASTING = ("cache-control", "public, max-age=31536000, immutable")
OWN_HEADER = "# Written by ssg: these names change with the content of the file.\n"

TEXTS = HeaderRule(f"{TEXTS_PATH}*", (LASTING, ("x-robots-tag", "noindex")))
"""Blocks of texts are for the function; search engines find the texts in pages."""


TAG_TABLES = HeaderRule(f"{TAG_TABLES_PATH}*", (LASTING, ("x-robots-tag", "noindex")))
"""Tables of cache tags are for the next deploy."""


VARIANTS = HeaderRule(f"{VARIANTS_PATH}*", (LASTING,))
"""Variants of pictures and originals, whose names have a digest."""


def immutable(paths: Iterable[str]) -> tuple[HeaderRule, ...]:
    """A rule for each path. Characters with a meaning in patterns are percent-encoded."""
    return tuple(
        HeaderRule(quote_path(path).replace("*", "%2A").replace(":", "%3A"), (LASTING,))
        for path in paths
    )


def search_parts(settings: SiteSettings) -> tuple[HeaderRule, ...]:
    """A rule for each language with a search index."""
    if not settings.search.enabled:
        return ()
    languages = dict.fromkeys((settings.default_language, *settings.languages))
    return tuple(HeaderRule(f"/{parts_folder(code)}/*", (LASTING,)) for code in languages)


def lasting_headers(
    site: Site, *, has_texts: bool = False, has_tags: bool = False
) -> tuple[HeaderRule, ...]:
    """The rules of a build; with texts or tag tables in its publish folder, those for them, too."""
    return (
        *immutable(site.fingerprinted_paths()),
        *search_parts(site.settings),
        *((VARIANTS,) if site.settings.images else ()),
        *((TEXTS,) if has_texts else ()),
        *((TAG_TABLES,) if has_tags else ()),
    )


def append_headers(file: Path, rules: Sequence[HeaderRule]) -> None:
    """Append rules to the site's own `_headers`. Without rules, the file stays as it is."""
    if rules:
        user = file.read_text("utf-8").rstrip("\n") + "\n\n" if file.is_file() else ""
        file.write_text(user + OWN_HEADER + write_headers(rules), "utf-8")
