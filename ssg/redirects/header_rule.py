"""A header rule: which static files it matches, and the headers that it adds to them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote

from ssg.model.errors import Location
from ssg.redirects.rule import NameValuePairs

BASIC_AUTH = "basic-auth"
"""Netlify does not send this header: it asks visitors for a password.

https://docs.netlify.com/manage/security/secure-access-to-sites/basic-authentication-with-custom-http-headers/
"""

SET_BY_HOST = frozenset(
    {
        "accept-ranges",
        "age",
        "allow",
        "alt-svc",
        "connection",
        "content-encoding",
        "content-length",
        "content-range",
        "date",
        "location",
        "server",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers that Netlify's servers set, and that a rule cannot (section "Limitations" of
https://docs.netlify.com/manage/routing/headers/)."""


_FLAGS = re.IGNORECASE | re.DOTALL
_PLACEHOLDER = "[^/]++"


@dataclass(frozen=True, slots=True)
class HeaderRule:
    """The headers of a pattern of paths. Names are in lower case and occur once."""

    for_path: str
    values: NameValuePairs
    where: Location | None = field(default=None, compare=False)

    @property
    def sent(self) -> NameValuePairs:
        """The headers that a response gets."""
        return tuple(
            pair for pair in self.values if pair[0] not in SET_BY_HOST and pair[0] != BASIC_AUTH
        )

    @property
    def asks_password(self) -> bool:
        """Whether Netlify asks visitors for a name and a password."""
        return any(name == BASIC_AUTH for name, _ in self.values)

    def matches(self, path: str) -> bool:
        """Whether the rule matches a decoded path."""
        return _compile(self.for_path).fullmatch(path) is not None


def headers_for(rules: Iterable[HeaderRule], path: str) -> dict[str, str]:
    """The headers of the static file that answers a decoded path."""
    return {name: value for rule in rules if rule.matches(path) for name, value in rule.sent}


@lru_cache(maxsize=1024)
def _compile(for_path: str) -> re.Pattern[str]:
    """A pattern as a regular expression that needs time proportional to the length of a path.

    The first place where the text after a `*` fits is the best one: whatever may follow it there
    may also follow a later place. So all but the last are atomic groups, `(?>...)`, and no other
    place is tried.
    """
    first, *others = _texts_between_stars(for_path)
    if not others:
        return re.compile(f"{first or '/'}/?", _FLAGS)
    *middle, last = others
    found = "".join(f"(?>.*?{_shortest(text)})" for text in middle)
    return re.compile(f"{_shortest(first)}{found}.*{last}/?", _FLAGS)


def _texts_between_stars(for_path: str) -> list[str]:
    """The texts between the `*` of a pattern, as regular expressions.

    The slash before a part `*` is optional, since `*` crosses folders: `/blog/*` matches `/blog`.
    """
    texts = [""]
    for part in filter(None, (part.rstrip() for part in for_path.split("/"))):
        if part.startswith(":"):
            texts[-1] += f"/{_PLACEHOLDER}"
            continue
        first, *others = (re.escape(unquote(piece)) for piece in part.split("*"))
        texts[-1] += "" if part == "*" else f"/{first}"
        texts += others
    return texts


def _shortest(text: str) -> str:
    """A text that a `*` follows: a placeholder at its end takes one character, `*` the others."""
    return text.removesuffix("+") + "?" if text.endswith(_PLACEHOLDER) else text
