"""Limits of a stranger's text, and what one text has used of them."""

from __future__ import annotations

import re

from ssg.render.markdown.page_state import MarkdownError, PageState
from ssg.render.markdown.untrusted.url_policy import ID_PREFIX

MAX_LENGTH = 100_000
"""The number of characters of a text: about 16,000 words. A longer text is refused."""

MAX_LINES = 10_000
"""The number of lines of a text. A line takes time in each list and quotation around it."""

MAX_NESTING = 10
"""How deep lists and quotations may be nested. Deeper markers are text."""

MAX_ADDRESS_CHARACTERS = 1_000_000
"""The number of characters of all addresses and titles of links in the HTML of a text.

A text defines an address once and uses it thousands of times: `[a]`.
"""

MAX_HIGHLIGHTED = 5_000
"""The number of characters of code that are highlighted in a text. Further code stays plain."""

_NOT_IN_IDS = re.compile(r"[\x00-\x20\"'&<>%#;]+")


def check_size(text: str) -> None:
    """Raise MarkdownError if a text is too long."""
    if len(text) > MAX_LENGTH:
        raise MarkdownError(_too_many(len(text), MAX_LENGTH, "characters"))
    lines = text.count("\n") + text.count("\r") - text.count("\r\n")
    if lines > MAX_LINES:
        raise MarkdownError(_too_many(lines, MAX_LINES, "lines"))


def _too_many(number: int, limit: int, unit: str) -> str:
    return f"this text has {number:,} {unit}; a text of a stranger may have {limit:,}"


class UntrustedState(PageState):
    """The state of one text: its ids, which begin with `user-`, and the rest of its limits."""

    __slots__ = ("_address_characters", "_highlighted", "has_first_level", "id_prefix")

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.id_prefix = ID_PREFIX + (f"{_NOT_IN_IDS.sub('-', name)}-" if name else "")
        self.has_first_level = False
        self._address_characters = 0
        self._highlighted = 0

    def unique_id(self, wanted: str) -> str:
        """Reserve an id that no other element of the text and no element of the page has."""
        return super().unique_id(self.id_prefix + _NOT_IN_IDS.sub("-", wanted))

    def count_address(self, url: str, title: str) -> None:
        """Count an address and a title. Raises MarkdownError if there are too many."""
        self._address_characters += len(url) + len(title)
        if self._address_characters > MAX_ADDRESS_CHARACTERS:
            what = "the addresses and titles of the links of this text"
            raise MarkdownError(f"{what} have more than {MAX_ADDRESS_CHARACTERS:,} characters")

    def may_highlight(self, code: str) -> bool:
        """Count a block of code. Tell whether it may be highlighted."""
        self._highlighted += len(code)
        return self._highlighted <= MAX_HIGHLIGHTED
