"""What an author writes: checked, before anything is stored."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from blog.posts.slug import MAX_TAG_LENGTH, slug_of, slug_problem
from blog.refusal import invalid
from ssg.render.markdown.untrusted.limits import MAX_LENGTH as MAX_TEXT

MAX_TITLE = 200
MAX_DESCRIPTION = 300
MAX_TAGS = 8

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of what follows, also outside of a title."""
_NO_CHARACTER = "This contains what is not a character."
_NOT_IN_LINES = frozenset({"Cc", "Cs", "Co", "Zl", "Zp"})
_INVISIBLE = frozenset({"Cc", "Cf", "Mn", "Mc", "Me", "Zs", "Zl", "Zp"})
"""The categories of characters that show nothing alone. Python does not know the newest emoji."""


@dataclass(frozen=True, slots=True)
class PostContent:
    """The words of a post and its slug. An empty slug has to be made of the title."""

    title: str
    description: str
    text: str
    tags: tuple[str, ...]
    slug: str


def checked_content(values: Mapping[str, Any]) -> PostContent:
    """The content that a form or a program sends. Raises RefusalError for all that is wrong."""
    content = _content(values)
    problems = {
        "title": _line_problem(content.title, MAX_TITLE),
        "description": _line_problem(content.description, MAX_DESCRIPTION),
        "text": _text_problem(content.text),
        "tags": _tags_problem(_words(values.get("tags", ()))),
        "slug": slug_problem(content.slug) if content.slug else None,
    }
    if fields := {name: problem for name, problem in problems.items() if problem}:
        raise invalid(fields)
    return content


def _content(values: Mapping[str, Any]) -> PostContent:
    tags = (slug_of(word, MAX_TAG_LENGTH) for word in _words(values.get("tags", ())))
    return PostContent(
        unicodedata.normalize("NFC", str(values.get("title", ""))).strip(),
        unicodedata.normalize("NFC", str(values.get("description", ""))).strip(),
        str(values.get("text", "")).replace("\r\n", "\n").replace("\r", "\n"),
        tuple(dict.fromkeys(tag for tag in tags if tag)),
        str(values.get("slug") or "").strip().lower(),
    )


def _words(tags: str | Iterable[str]) -> list[str]:
    """Tags of a list, or of a field of a form with commas between them."""
    words = tags.split(",") if isinstance(tags, str) else tags
    return [word.strip() for word in words if word.strip()]


def _line_problem(text: str, length: int) -> str | None:
    if len(text) > length:
        return f"This has {len(text):,} characters; {length:,} are possible."
    if any(map(_is_refused, text)):
        return "This contains a character that cannot be seen."
    return None


def _is_refused(one: str) -> bool:
    """Whether a character is not for lines. Some are no characters at all (Unicode, 23.7)."""
    is_none = ord(one) & 0xFFFE == 0xFFFE or "\ufdd0" <= one <= "\ufdef"
    return is_none or one in _BIDI or unicodedata.category(one) in _NOT_IN_LINES


def is_visible(text: str) -> bool:
    """Whether somebody who reads a text sees anything."""
    return any(unicodedata.category(one) not in _INVISIBLE for one in text)


def _text_problem(text: str) -> str | None:
    if len(text) > MAX_TEXT:
        return f"This has {len(text):,} characters; {MAX_TEXT:,} are possible."
    return _NO_CHARACTER if _has_no_character(text) else None


def _has_no_character(text: str) -> bool:
    return any(one == "\0" or "\ud800" <= one <= "\udfff" for one in text)


def _tags_problem(words: list[str]) -> str | None:
    if any(map(_has_no_character, words)):
        return _NO_CHARACTER
    if len({slug_of(word) for word in words}) > MAX_TAGS:
        return f"A post has at most {MAX_TAGS} tags."
    if unknown := [word for word in words if not slug_of(word)]:
        return f"“{unknown[0][:MAX_TAG_LENGTH]}” has neither a Latin letter nor a digit."
    return None
