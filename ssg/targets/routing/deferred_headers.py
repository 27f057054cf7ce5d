"""The headers of the site that its function sends with deferred pages.

Netlify applies `_headers` and `[[headers]]` to static files only; "the function should return any
required headers instead" (https://docs.netlify.com/manage/routing/headers/). So the function sends
them, but for those that would change how Netlify caches a page
(https://docs.netlify.com/build/caching/caching-overview/), and those that describe a body.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ssg.model.errors import Problem
from ssg.redirects.header_rule import HeaderRule
from ssg.redirects.rule import NameValuePairs

FOR_CACHES = frozenset({"cache-status", "cache-tag", "cdn-cache-control", "vary"})
"""The values of headers that `Vary` names are part of the cache key, and a deferred page does not
depend on them."""
_FOR_HOSTS = ("netlify-", "vercel-")
VALIDATORS = frozenset({"etag", "last-modified"})
CACHE_CONTROL = "cache-control"
"""Builders "don't support cache control headers" (Netlify docs, On-demand Builders; rule 12)."""


def deferred_headers(
    rules: Sequence[HeaderRule], sends_cache_control: bool
) -> tuple[HeaderRule, ...]:
    """The rules that the function applies."""
    kept = (replace(rule, values=_split(rule, sends_cache_control)[0]) for rule in rules)
    return tuple(rule for rule in kept if rule.values)


def not_sent(
    rules: Sequence[HeaderRule], deferred_paths: Sequence[str], sends_cache_control: bool
) -> Iterator[Problem]:
    """Warn of each rule for deferred pages with headers that the function does not send."""
    for rule in rules:
        names = [name.title() for name, _ in _split(rule, sends_cache_control)[1]]
        if names and any(map(rule.matches, deferred_paths)):
            message = f"deferred pages that `{rule.for_path}` matches do not get {', '.join(names)}"
            yield Problem(message, rule.where, _hint(names))


def _hint(names: Sequence[str]) -> str:
    if names == [CACHE_CONTROL.title()]:
        return "A builder cannot send it; set ttl, or write a rule that only files match"
    return "ssg and the host set what caches need; write a rule that only files match"


def _split(rule: HeaderRule, sends_cache_control: bool) -> tuple[NameValuePairs, NameValuePairs]:
    """The headers that the function sends, and the others."""
    sent = tuple(pair for pair in rule.sent if _is_sent(pair[0], sends_cache_control))
    return sent, tuple(pair for pair in rule.sent if pair not in sent)


def _is_sent(name: str, sends_cache_control: bool) -> bool:
    if name == CACHE_CONTROL:
        return sends_cache_control
    return name not in FOR_CACHES | VALIDATORS and not name.startswith(_FOR_HOSTS)
