"""As few rules as send every deferred page to the builder.

A file beats a rule that is not forced (rule 15), so a rule may cover built pages too; it is kept
narrow only so that paths that nobody wrote do not start the builder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from ssg.redirects.matching.destination import PATH_SAFE
from ssg.redirects.rule import RedirectRule

MAX_GROUPS = 20
"""With more top-level folders than this, one rule takes the whole site."""
MAX_ROOT_PAGES = 5
"""With more pages directly at the root than this, likewise."""

WRITABLE = re.compile(r"[^\x00-\x20\x7f#%*/:?\\\"<>^`{|}\s]+")
"""A folder name that a rule can hold as it is: nothing that means something in a rule, and no
character that must be encoded, other than letters beyond ASCII."""


def covering_rules(deferred_paths: Iterable[str], builder_url: str) -> tuple[RedirectRule, ...]:
    """The rules that send `deferred_paths` (decoded, canonical) to the builder.

    Each top-level folder that holds deferred pages has one rule, narrowed to the longest folder
    that they share; a page that is alone has a rule for itself.
    """
    groups = _groups(deferred_paths)
    root_pages = sum(_is_root_page(only) for only, last in groups.values() if only == last)
    if len(groups) > MAX_GROUPS or root_pages > MAX_ROOT_PAGES:
        paths = ["/*"]
    else:
        paths = _without_covered(_narrowest(*group) for _, group in sorted(groups.items()))
    return tuple(RedirectRule(form, builder_url, 200) for path in paths for form in _forms(path))


def _groups(paths: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Top-level folder -> the first and the last path in it. What both share, all share."""
    ends: dict[str, tuple[str, str]] = {}
    for path in paths:
        top = path[1:].partition("/")[0]
        first, last = ends.get(top, (path, path))
        if path <= first or path >= last:
            ends[top] = (min(path, first), max(path, last))
    return ends


def _is_root_page(path: str) -> bool:
    return "/" not in path.strip("/")


def _narrowest(first: str, last: str) -> str:
    """The `from` of the rule for a group of pages."""
    if first == last and all(map(WRITABLE.fullmatch, filter(None, first.split("/")))):
        return first
    return "/".join(["", *_while_writable(_shared_folders(first, last)), "*"])


def _shared_folders(one: str, other: str) -> Iterator[str]:
    """The folders that both paths are in; a page `/docs/` is in `docs`."""
    for folder, same in zip(one.split("/")[1:-1], other.split("/")[1:-1], strict=False):
        if folder != same:
            return
        yield folder


def _while_writable(folders: Iterable[str]) -> Iterator[str]:
    for folder in folders:
        if not WRITABLE.fullmatch(folder):
            return
        yield folder


def _without_covered(paths: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(paths))
    return ["/*"] if "/*" in found else found


def _forms(path: str) -> tuple[str, ...]:
    """A path beyond ASCII is written twice.

    Netlify asks for percent-encoded paths in rules, but `netlify dev` compares the rule as it
    stands with the decoded path of the visit.
    """
    return tuple(dict.fromkeys([path, quote(path, safe=PATH_SAFE)]))
