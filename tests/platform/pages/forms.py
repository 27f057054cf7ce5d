"""What a page shows in its fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from httpx2 import Response


@dataclass
class ShownForm:
    """The fields of a page by their names, its messages, and its text."""

    fields: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    words: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.shown = ShownForm()
        self._area = ""
        self._error = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        name = values.get("name", "")
        if tag == "input" and name:
            self.shown.fields[name] = values.get("value", "")
        if tag == "textarea" and name:
            self._area = name
            self.shown.fields[name] = ""
        if tag == "p" and (error := re.fullmatch(r"error-(\w+)", values.get("id", ""))):
            self._error = error[1]
            self.shown.errors[self._error] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        if tag == "p":
            self._error = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.shown.fields[self._area] += data
        if self._error:
            self.shown.errors[self._error] += data
        self.shown.words += data


def form_of(answer: Response) -> ShownForm:
    """The form of a page. An end of line at the start of a text area does not count."""
    reader = _Reader()
    reader.feed(answer.text)
    reader.close()
    shown = reader.shown
    shown.fields = {name: value.removeprefix("\n") for name, value in shown.fields.items()}
    shown.words = " ".join(shown.words.split())
    return shown
