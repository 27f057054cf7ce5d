"""A header rule: which static files it matches, and the headers that it adds to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ssg.model.errors import Location
from ssg.redirects.header_pattern import matches
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


@dataclass(frozen=True, slots=True)
class HeaderRule:
    """The headers of a pattern of paths. Names are in lower case and occur once."""

    for_path: str
    values: NameValuePairs
    where: Location | None = field(default=None, compare=False, repr=False)

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
        return matches(self.for_path, path)


def headers_for(rules: Iterable[HeaderRule], path: str) -> dict[str, str]:
    """The headers of the static file that answers a decoded path."""
    return {name: value for rule in rules if rule.matches(path) for name, value in rule.sent}
