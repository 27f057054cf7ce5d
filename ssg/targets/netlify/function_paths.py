"""The paths of a function of Netlify, which take the place of redirect rules.

A path is a URLPattern: `/blog/*` matches what is below `/blog/`, `/:user/:slug` what has two parts,
and any other path matches itself only. Both spellings of it are listed, with and without a slash at
the end. Netlify does not say how it compares percent-encoded paths. Its CLI turns the path of a
request into lower case first, `%c3%a4` instead of `%C3%A4`, so each path is listed in lower case,
too.

Netlify asks such a function before it reads redirect rules: see `ssg.redirects.proof.overlap`.
Source: https://docs.netlify.com/build/functions/configuration/ and
https://docs.netlify.com/platform/request-chain/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote, unquote

from ssg.redirects.matching.destination import PATH_SAFE
from ssg.redirects.rule import SPLAT, RedirectRule

EVERY_PATH = "/*"
NETLIFYS_OWN = "/.netlify/*"
"""Its functions and images: a function for every path must not answer there."""

_PLACEHOLDER = re.compile(r":[a-z][a-z0-9_]*")
_SPECIAL = re.compile(r"[()\[\]{}+?:*\\]")
"""Characters with a meaning in a URLPattern. Each gets a group, `{...}`, because Netlify's bundler
reads a path as a pattern only if it contains something like that."""


def function_paths(rules: Iterable[RedirectRule]) -> tuple[str, ...]:
    """The paths that match what covering and live rules match."""
    paths = (path for rule in rules for path in _spellings(rule.from_path))
    return tuple(dict.fromkeys(paths))


def path_config(paths: Sequence[str], excluded: Sequence[str] = ()) -> dict[str, object]:
    """The configuration of a function with these paths, where another one has those of `excluded`.

    A function without paths has an address of its own, to which redirect rules lead.
    """
    if not paths:
        return {}
    is_wide = any(map(_is_for_all_folders, paths))
    others = {"excludedPath": [NETLIFYS_OWN, *excluded]} if is_wide else {}
    return {"path": list(paths), **others, "preferStatic": True, "method": ["GET", "HEAD"]}


def _spellings(from_path: str) -> Iterator[str]:
    """The paths for a rule: `/blog/*` also matches `/blog`."""
    encoded = quote(unquote(from_path), safe=PATH_SAFE)
    folder = encoded.removesuffix(SPLAT).rstrip("/")
    # Names of placeholders are in lower case already.
    for one in dict.fromkeys([folder, folder.lower()]):
        if encoded.endswith(SPLAT):
            yield f"{_escaped(one)}/{SPLAT}"
        yield from (_escaped(path) for path in (one, f"{one}/") if path)


def _escaped(path: str) -> str:
    """A path without the meaning of its characters, but for placeholders: `/:user/c{+}`."""
    return "/".join(
        part if _PLACEHOLDER.fullmatch(part) else _SPECIAL.sub(r"{\\\g<0>}", part)
        for part in path.split("/")
    )


def _is_for_all_folders(path: str) -> bool:
    return path == EVERY_PATH or path.startswith("/:")
