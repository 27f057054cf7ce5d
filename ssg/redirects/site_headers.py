"""The site's own headers of deferred pages, which the function sends: those of a static file.

`compiled` writes the rules for `lib/headers.js`. `with_site_headers` does the same as that file,
for the preview without Node and for `ssg verify`; a test compares the two.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from ssg.model.urls import decode_path
from ssg.redirects.header_pattern import expressions
from ssg.redirects.header_rule import HeaderRule, headers_for
from ssg.runtime.http import Response


def compiled(rules: Sequence[HeaderRule]) -> bytes:
    """The content of `headers.json`: for each rule its expressions and its headers."""
    pairs = [(expressions(rule.for_path), dict(rule.sent)) for rule in rules]
    return json.dumps(pairs, ensure_ascii=False).encode()


def with_site_headers(response: Response, path: str, rules: Sequence[HeaderRule]) -> Response:
    """A response with the headers of the site for the path of its request, still encoded."""
    if not rules:
        return response
    own = headers_for(rules, decode_path(path) or "")
    own = {name: value for name, value in own.items() if name not in _kept_by(response)}
    kept = {name: value for name, value in response.headers.items() if name.lower() not in own}
    return replace(response, headers=kept | own)


def _kept_by(response: Response) -> frozenset[str]:
    """The headers that no rule changes: they describe a page, and whether it may be stored."""
    if response.status != 200:
        return frozenset({"cache-control", "content-type"})
    return frozenset() if response.caching.is_stored else frozenset({"cache-control"})
