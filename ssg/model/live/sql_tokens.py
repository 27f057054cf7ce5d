"""Cuts SQL into tokens, and finds parameters: `:name`.

The rules are those that PostgreSQL (its manual, "Lexical Structure") and SQLite ("SQL As Understood
By SQLite") share. Strings, quoted names and comments are one token each, so nothing in them counts.
A colon begins a parameter if a name follows and it is not attached to a value before it: `a[1:n]`
is a slice, `a::int` a cast, `json_object('a':b)` a pair.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKENS = re.compile(
    r"""
    (?P<space> \s++ | --[^\n]*+ | /\*(?:(?!/\*|\*/).)*+\*/ )
  | (?P<string> [eE]'(?:[^'\\]|\\.|'')*+' | '(?:[^']|'')*+'
        | \$(?P<tag>(?:[^\W\d]\w*+)?)\$ .*? \$(?P=tag)\$ )
  | (?P<quoted> "(?:[^"]|"")*+" | `(?:[^`]|``)*+` )
  | (?P<word> (?![eE]')[^\W\d][\w$]*+ )
  | (?P<number> \.?\d[\w.]*+ )
  | (?P<sign> :: | := | /\* | . )
    """,
    re.X | re.S,
)
PARAMETER = re.compile(r":([^\W\d]\w*)")
_KINDS = ("space", "string", "quoted", "word", "number", "sign")


class Token(NamedTuple):
    """A token: a string, a quoted name, a word, a number, a sign or a parameter.

    The sign of a string or a comment that does not end is a token of its own.
    """

    kind: str
    text: str
    start: int
    is_attached: bool
    """Whether nothing is between it and the token before."""

    @property
    def end(self) -> int:
        """Where the token after it can begin."""
        return self.start + len(self.text)

    @property
    def upper(self) -> str:
        """A word in capitals; '' for other tokens."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def ends_value(self) -> bool:
        """Whether a value may end with it."""
        return self.kind != "sign" or self.text in {")", "]"}


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, without spaces and comments."""
    position, before = 0, Token("sign", ";", 0, False)
    while match := _TOKENS.match(text, position):
        kind, found = next(one for one in _KINDS if match[one] is not None), match[0]
        is_attached = 0 < position == before.end
        parameter = PARAMETER.match(text, position) if found == ":" else None
        if parameter and not (is_attached and before.ends_value):
            kind, found = "parameter", parameter[0]
        if kind != "space":
            before = Token(kind, found, position, is_attached)
            yield before
        position += len(found)
