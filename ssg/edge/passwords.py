"""Passwords of `_headers`: who may read the paths that have a `Basic-Auth` line (RFC 7617).

A path is compared without regard to case, slashes at its end and repeated slashes, and a file by
its own path, too: nothing may be readable under another spelling of its address. As with other
headers, the last rule that matches counts.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from ssg.edge.answer import EdgeAnswer, error_answer
from ssg.edge.events import AnswerSource
from ssg.edge.host_headers import CONSUMED
from ssg.redirects.header_pattern import matches
from ssg.redirects.header_rule import BASIC_AUTH, HeaderRule

PRIVATE = "private, no-store"
"""What all caches are told of an answer behind a password."""
_SLASHES = re.compile("/+")
_CHALLENGE = 'Basic realm="site", charset="UTF-8"'

Users = tuple[bytes, ...]
"""`name:password` of each user."""


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """The rules with passwords, in their order: a pattern in lower case, and its users."""

    rules: tuple[tuple[str, Users], ...] = ()

    @classmethod
    def of(cls, rules: Iterable[HeaderRule]) -> Self:
        """Choose those of all header rules."""
        return cls(
            tuple(
                (rule.for_path.lower(), tuple(value.encode().split()))
                for rule in rules
                for name, value in rule.values
                if name == BASIC_AUTH
            )
        )

    def users_of(self, path: str) -> Users | None:
        """Who may read a decoded path; None if everybody may."""
        spellings = _spellings(path)
        found = None
        for pattern, users in self.rules:
            if any(matches(pattern, spelling) for spelling in spellings):
                found = users
        return found


def is_admitted(authorization: str | None, users: Users) -> bool:
    """Whether a request names one of the users. Takes the same time for each wrong password."""
    scheme, _, text = (authorization or "").partition(" ")
    try:
        given = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return False
    found = [hmac.compare_digest(given, user) for user in users]
    return scheme.lower() == "basic" and any(found)


def password_answer() -> EdgeAnswer:
    """The 401 that lets a browser ask for a password."""
    text = "This page needs a name and a password."
    answer = error_answer(401, "Please sign in", text, AnswerSource.REFUSED)
    headers = {**answer.headers, "cache-control": PRIVATE, "www-authenticate": _CHALLENGE}
    return replace(answer, headers=headers)


def private(answer: EdgeAnswer) -> EdgeAnswer:
    """An answer behind a password: no cache keeps it."""
    kept = {name: value for name, value in answer.headers.items() if name not in CONSUMED}
    return replace(answer, headers={**kept, "cache-control": PRIVATE})


def _spellings(path: str) -> set[str]:
    """The path without and with a slash at its end."""
    plain = _SLASHES.sub("/", path.lower()).removesuffix("index.html").rstrip("/")
    return {path.lower(), plain or "/", f"{plain}/"}
