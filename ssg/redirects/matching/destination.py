"""The `to` of a rule, filled in for one visit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, unquote, urlencode, urlsplit, urlunsplit

from ssg.redirects.rule import NameValuePairs, is_url

PATH_SAFE = "/!$&'()*+,;=:@"
"""What may stand unencoded in a path (RFC 3986, section 3.3)."""
QUERY_SAFE = "/!$'()*,;:@"
"""The same for a value in a query, where `&`, `=` and `+` would mean something else."""
WRITTEN_SAFE = PATH_SAFE + "?#[]%"
"""What is left as the rule's author wrote it."""


def fill_destination(to: str, values: Mapping[str, str], query: NameValuePairs = ()) -> str:
    """Put the matched parts into a target: a percent-encoded path or URL.

    Every part is encoded, so that a `?`, a line break or a `%` in a visited path cannot change
    what the target means. The visitor's query is passed on where the target has none.
    """
    path, mark, rest = quote(to, safe=WRITTEN_SAFE).partition("?")
    filled = _put(path, values, PATH_SAFE) + mark + _put(rest, values, QUERY_SAFE)
    if not is_url(filled):
        # A path that begins with two slashes would name another host.
        filled = "/" + filled.lstrip("/")
    return _with_query(filled, query) if query and not mark else filled


def decoded_path(target: str) -> str:
    """The decoded path of a filled target."""
    return unquote(re.split("[?#]", target, maxsplit=1)[0])


def _put(text: str, values: Mapping[str, str], safe: str) -> str:
    if not values:
        return text
    names = sorted(values, key=len, reverse=True)
    pattern = ":(" + "|".join(re.escape(quote(name, safe=WRITTEN_SAFE)) for name in names) + ")"
    by_text = {quote(name, safe=WRITTEN_SAFE): quote(values[name], safe=safe) for name in names}
    return re.sub(pattern, lambda found: by_text[found[1]], text)


def _with_query(target: str, query: NameValuePairs) -> str:
    parts = urlsplit(target)
    return urlunsplit(parts._replace(query=urlencode(query)))
