"""A header rule: which static files it is for, and what it adds to them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote

from ssg.model.errors import Location
from ssg.redirects.rule import NameValuePairs

BASIC_AUTH = "basic-auth"
"""Not sent: it asks visitors for a password.

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
"""Names that Netlify ignores, because its servers set them (the page above, "Limitations")."""


@dataclass(frozen=True, slots=True)
class HeaderRule:
    """The headers of a pattern of paths. Names are in lower case, each is there once."""

    for_path: str
    values: NameValuePairs
    where: Location | None = field(default=None, compare=False)

    @property
    def sent(self) -> NameValuePairs:
        """What goes into a response."""
        return tuple(
            pair for pair in self.values if pair[0] not in SET_BY_HOST and pair[0] != BASIC_AUTH
        )

    @property
    def asks_password(self) -> bool:
        """Whether Netlify would ask visitors for a name and a password."""
        return any(name == BASIC_AUTH for name, _ in self.values)

    def matches(self, path: str) -> bool:
        """Whether the rule is for this decoded path."""
        return _compile(self.for_path).fullmatch(path) is not None


def headers_for(rules: Iterable[HeaderRule], path: str) -> dict[str, str]:
    """The headers of a static file that answers `path` (decoded)."""
    return {name: value for rule in rules if rule.matches(path) for name, value in rule.sent}


@lru_cache(maxsize=1024)
def _compile(for_path: str) -> re.Pattern[str]:
    parts = [part.rstrip() for part in for_path.split("/")]
    pattern = "/".join(_part_regex(part) for part in parts if part)
    return re.compile(f"/{pattern}/?", re.IGNORECASE | re.DOTALL)


def _part_regex(part: str) -> str:
    if part.startswith(":"):
        return "[^/]+"
    if part == "*":
        return "?.*"  # the slash before it may be missing, as for `/blog` and `/blog/*`
    return ".*".join(re.escape(unquote(piece)) for piece in part.split("*"))
