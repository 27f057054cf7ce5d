"""The destination of a rule, `to`, with the values of one request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote, unquote, urlencode, urlsplit, urlunsplit

from ssg.redirects.rule import NameValuePairs, is_url

PATH_SAFE = "/!$&'()*+,;=:@"
"""The characters that a path may contain as they are (RFC 3986, section 3.3)."""
QUERY_SAFE = "/!$'()*,;:@"
"""The same for a value in a query, where `&`, `=` and `+` have another meaning."""
WRITTEN_SAFE = PATH_SAFE + "?#[]%"
"""The characters that stay as the author of the rule wrote them."""


def fill_destination(to: str, values: Mapping[str, str], query: NameValuePairs = ()) -> str:
    """Replace the placeholders of a destination; returns a percent-encoded path or URL.

    Every value is encoded, so that a `?`, a line break or a `%` in a requested path cannot change
    the meaning of the destination. A destination without a query gets that of the request.
    """
    path, mark, rest = _written(to).partition("?")
    filled = _replace(path, values, PATH_SAFE) + mark + _replace(rest, values, QUERY_SAFE)
    if not is_url(filled):
        # A path that begins with two slashes would name another host.
        filled = "/" + filled.lstrip("/")
    return _with_query(filled, query) if query and not mark else filled


@lru_cache(maxsize=4096)
def _written(to: str) -> str:
    """What the author of a rule wrote, percent-encoded where it must be."""
    return quote(to, safe=WRITTEN_SAFE)


def decoded_path(destination: str) -> str:
    """The decoded path of a destination."""
    return unquote(re.split("[?#]", destination, maxsplit=1)[0])


def _replace(text: str, values: Mapping[str, str], safe: str) -> str:
    if not values or ":" not in text:
        return text
    names = sorted(values, key=len, reverse=True)
    pattern = ":(" + "|".join(re.escape(quote(name, safe=WRITTEN_SAFE)) for name in names) + ")"
    by_text = {quote(name, safe=WRITTEN_SAFE): quote(values[name], safe=safe) for name in names}
    return re.sub(pattern, lambda found: by_text[found[1]], text)


def _with_query(destination: str, query: NameValuePairs) -> str:
    parts = urlsplit(destination)
    return urlunsplit(parts._replace(query=urlencode(query)))
