"""Make a few rules that send every deferred page to the function.

A site may have 200,000 deferred pages, and a rule for each would make `_redirects` huge. A file
wins over a rule that is not forced (rule 15), so a rule may also cover pages that were built: one
`/blog/*` is right for all of `/blog/`. Rules are narrow only so that addresses that do not exist
rarely start the function.

Deferred pages are grouped by their top-level folder. Each group gets one rule, for the deepest
folder that all its pages share; a single page gets a rule for itself. What the first and the last
path of a group share, all paths between them share, too, so one pass that keeps these two is
enough. With many groups, or many pages at the root, one rule `/*` replaces all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from ssg.redirects.matching.destination import PATH_SAFE
from ssg.redirects.matching.pattern import compile_path, covers
from ssg.redirects.rule import RedirectRule

MAX_GROUPS = 20
"""With more top-level folders than this, one rule covers the whole site."""
MAX_ROOT_PAGES = 5
"""With more pages at the root than this, one rule covers the whole site."""

WRITABLE = re.compile(r"[^\x00-\x20\x7f#%*/:?\\\"<>^`{|}\s]+")
"""A folder name that can be written in a rule: it contains nothing that has a meaning there, and
of the characters that must be encoded only letters beyond ASCII."""


def covering_rules(deferred_paths: Iterable[str], address: str) -> tuple[RedirectRule, ...]:
    """Make the rules that send `deferred_paths` (decoded, canonical) to the function."""
    groups = _groups(deferred_paths)
    root_pages = sum(_is_root_page(only) for only, last in groups.values() if only == last)
    if len(groups) > MAX_GROUPS or root_pages > MAX_ROOT_PAGES:
        paths = ["/*"]
    else:
        paths = _without_covered(_narrowest(*group) for _, group in sorted(groups.items()))
    return tuple(RedirectRule(form, address, 200) for path in paths for form in written_forms(path))


def without_covered(
    rules: Iterable[RedirectRule], covering: Iterable[RedirectRule]
) -> tuple[RedirectRule, ...]:
    """The rules whose paths none of `covering` matches whole."""
    wide = [compile_path(rule.from_path) for rule in covering]
    pairs = ((rule, compile_path(rule.from_path)) for rule in rules)
    return tuple(rule for rule, narrow in pairs if not any(covers(one, narrow) for one in wide))


def _groups(paths: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The first and the last path of each top-level folder, in sorted order."""
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
    """The path of the rule for a group of pages."""
    if first == last and all(map(WRITABLE.fullmatch, filter(None, first.split("/")))):
        return first
    return "/".join(["", *_while_writable(_shared_folders(first, last)), "*"])


def _shared_folders(one: str, other: str) -> Iterator[str]:
    """The folders that contain both paths; a page `/docs/` is in `docs`."""
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


def written_forms(path: str) -> tuple[str, ...]:
    """A path as it is written in rules: twice if it is not ASCII.

    Netlify expects percent-encoded paths in rules, but `netlify dev` compares the text of a rule
    with the decoded path of a request.
    """
    return tuple(dict.fromkeys([path, quote(path, safe=PATH_SAFE)]))
