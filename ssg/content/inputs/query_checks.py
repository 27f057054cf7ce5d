"""Checks of queries: one statement, which reads, with parameters that a route can fill in.

They are for people, who learn of a mistake from the build. That a query cannot write is ensured by
the databases: each is asked in a transaction that only reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ssg.model.errors import Problem
from ssg.model.live.query import Query
from ssg.model.live.route_pattern import NAME
from ssg.model.live.sql_tokens import PARAMETER, Token, tokens

_READING = frozenset({"SELECT", "VALUES", "WITH"})
"""The words with which a statement that reads begins."""
_WRITING = frozenset({"DELETE", "INSERT", "MERGE", "REPLACE", "UPDATE"})
_LOCKING = ("UPDATE", "SHARE", "NO KEY UPDATE", "KEY SHARE")
"""What follows FOR in a statement that locks rows."""
_UNFINISHED = {
    **dict.fromkeys(("'", "E", "e"), "a string that does not end"),
    '"': "a quoted name that does not end",
    "`": "a quoted name that does not end",
    "/*": "a comment that does not end or contains another one",
}
_OUTSIDE = Token("sign", ";", 0, False)
"""What is before the first token and after the last one."""

_Wrong = Iterator[tuple[int, str, str | None]]
"""Positions, messages and hints."""


def problems_of(name: str, text: str) -> list[Problem]:
    """What is wrong with the text of a query."""
    found = list(tokens(text))
    unfinished = [*_unfinished(found, text)]
    checks = () if unfinished else (_parameters, _statements, _writing, _locks)
    wrong = [*unfinished, *(one for check in checks for one in check(found, text))]
    query = Query(name, text)
    return [Problem(message, query.location(at), hint) for at, message, hint in wrong]


def _unfinished(found: Sequence[Token], text: str) -> _Wrong:
    """The first thing that does not end. What is after it cannot be judged."""
    if "\0" in text:
        yield text.index("\0"), "the character NUL", None
        return
    for token in found:
        message = _UNFINISHED.get(token.text)
        if token.text == "$" and re.match(r"\$\w*\$", text[token.start :]):
            message = "a string that does not end"
        if token.kind == "sign" and message:
            yield token.start, message, None
            return


def _parameters(found: Sequence[Token], text: str) -> _Wrong:
    brackets = 0
    for before, token in pairwise((_OUTSIDE, *found)):
        brackets += {"[": 1, "]": -1}.get(token.text, 0) if token.kind == "sign" else 0
        if token.kind == "parameter" and not NAME.fullmatch(token.text[1:]):
            hint = "Begin with a small letter; small letters, digits and _ may follow, at most 40"
            yield token.start, f"{token.text} cannot be the name of a parameter", hint
        elif token.kind == "sign" and token.text == "$":
            yield token.start, "a parameter is written :name", None
        elif (name := _unclear(before, token, text)) and brackets <= 0:
            hint = "Write a space before the colon of a parameter, or after another colon"
            yield token.start, f"{before.text}{name} has two meanings", hint


def _unclear(before: Token, token: Token, text: str) -> str | None:
    """A name with a colon that is attached to a word: `LIMIT:count`."""
    if token.text != ":" or before.kind not in {"word", "number"}:
        return None
    name = PARAMETER.match(text, token.start)
    return name[0] if name else None


def _statements(found: Sequence[Token], _: str) -> _Wrong:
    begins = next((one for one in found if one.text != "("), None)
    if begins is None:
        yield 0, "there is no statement", None
    elif begins.upper not in _READING:
        message = f'a query begins with SELECT, WITH or VALUES, not with "{begins.text}"'
        yield begins.start, message, "Live pages only read"
    after = (one for before, one in pairwise(found) if before.text == ";" and one.text != ";")
    if second := next(after, None):
        yield second.start, "a second statement", "Each query has a file of its own"


def _writing(found: Sequence[Token], _: str) -> _Wrong:
    """The first statement within the statement that writes, or INTO, which makes a table."""
    is_with, depth = bool(found) and found[0].upper == "WITH", 0
    for before, token, after in zip(
        (_OUTSIDE, *found), found, (*found[1:], _OUTSIDE), strict=False
    ):
        depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "sign" else 0
        begins = before.text == "(" or (is_with and depth == 0 and before.text == ")")
        if token.upper in _WRITING and begins and after.kind in {"word", "quoted"}:
            yield token.start, f"{token.upper} writes", "Live pages only read"
            return
        if token.upper == "INTO":
            yield token.start, "INTO writes", "Live pages only read"
            return


def _locks(found: Sequence[Token], _: str) -> _Wrong:
    for number, token in enumerate(found):
        following = " ".join(one.upper or "." for one in found[number + 1 : number + 4]) + " "
        if token.upper == "FOR" and (
            lock := next((one for one in _LOCKING if following.startswith(one + " ")), None)
        ):
            yield token.start, f"FOR {lock} locks rows", "Live pages only read"
