"""The pages of the reference, made of the sources of `ssg` by a hook: see `build_hooks.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from reference.code import Class, Field, Function, Module, Symbol, read_modules
from reference.links import Place, Places, as_markdown, linked_code, places_of
from ssg.content.build_hooks import SourcePage

ROOMS = (
    *("model", "render", "runtime", "config", "redirects", "content", "plan", "search"),
    *("targets", "build", "check"),
)
"""Rooms that are of use from outside, from the lowest floor of the house to the highest."""
LONGEST_DESCRIPTION = 160

_SENTENCE = re.compile(r"(.+?\.)(?:\s|$)", re.S)


def pages(root: Path) -> Iterator[SourcePage]:
    """A page for each room, module, class and function."""
    content = root / "content"
    docs = (file.relative_to(content).as_posix() for file in content.glob("docs/**/*.md"))
    modules = [one for room in ROOMS for one in read_modules(root, f"ssg/{room}")]
    places = places_of(modules, frozenset(docs))
    for weight, module in enumerate(modules, 1):
        yield Writer(module, places).module(weight)
        for number, symbol in enumerate(module.symbols, 1):
            place = places.by_name[f"{module.name}.{symbol.name}"]
            yield Writer(module, places, place).symbol(symbol, number)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes pages of one module."""

    module_read: Module
    places: Places
    at: Place | None = None

    @property
    def here(self) -> Place:
        """The page that is written: the module's, if no other."""
        return self.at or self.places.by_name[self.module_read.name]

    def module(self, weight: int) -> SourcePage:
        """What a module is about, and its constants. The theme lists what else is in it."""
        module = self.module_read
        parts = [self._text(_rest(module.text)), *self._constants(module.constants)]
        parts.append(f"Source: `{module.file}`.")
        front = {**_front(module.name, module.text, weight), "sort_by": "weight"}
        return SourcePage(self.here.source, front, _joined(parts))

    def symbol(self, symbol: Symbol, weight: int) -> SourcePage:
        """A class or a function."""
        parts = [self._code(symbol.signature), self._text(_rest(symbol.text))]
        if isinstance(symbol, Class):
            parts += self._table("Fields", symbol.fields)
            parts += self._table("Properties", symbol.properties)
            parts += self._methods(symbol.methods)
        module = self.module_read
        parts.append(f"Source: `{module.file}`, line {symbol.line}.")
        title = symbol.name if isinstance(symbol, Class) else f"{symbol.name}()"
        return SourcePage(self.here.source, _front(title, symbol.text, weight), _joined(parts))

    def _methods(self, methods: Sequence[Function]) -> Iterator[str]:
        if methods:
            yield "## Methods"
        for one in methods:
            yield f"### {one.name}() {{#{one.name}}}"
            yield self._code(one.signature)
            yield self._text(one.text)

    def _constants(self, constants: Sequence[Field]) -> Iterator[str]:
        if constants:
            yield "## Constants"
        for one in constants:
            kind = f": {one.type}" if one.type else ""
            value = f" = {one.value}" if one.value else ""
            yield f"### {_plain(one.name)} {{#{one.name}}}"
            yield self._code(f"{one.name}{kind}{value}", one.name)
            yield self._text(one.text)

    def _table(self, title: str, rows: Sequence[Field]) -> Iterator[str]:
        """Only the columns that say something."""
        if not rows:
            return
        yield f"## {title}"
        columns = {
            "type": [self._inline(row.type) for row in rows],
            "default": [self._inline(row.value) for row in rows],
            "meaning": [self._text(row.text).replace("\n", " ") for row in rows],
        }
        used = {name: cells for name, cells in columns.items() if any(cells)}
        names = [f"`{row.name}`" for row in rows]
        head = ["name", *used]
        lines = [head, ["---"] * len(head), *map(list, zip(names, *used.values(), strict=True))]
        yield "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def _code(self, code: str, part: str = "") -> str:
        here = Place(self.here.source, part)
        html = linked_code(code, here, self.places.seen_from(self.module_read))
        return f'<pre class="highlight" tabindex="0"><code>{html}</code></pre>'

    def _inline(self, code: str) -> str:
        html = linked_code(code, self.here, self.places.seen_from(self.module_read))
        return f"<code>{html}</code>" if code else ""

    def _text(self, text: str) -> str:
        return as_markdown(text, self.places, self.places.seen_from(self.module_read))


def _front(title: str, text: str, weight: int) -> dict[str, Any]:
    return {"title": title, "description": _first_sentence(text), "weight": weight}


def _first_sentence(text: str) -> str:
    """Of a docstring, if it is short enough, without the marks of code."""
    first = " ".join(text.split("\n\n", maxsplit=1)[0].split())
    match = _SENTENCE.match(first)
    sentence = (match[1] if match else first).replace("`", "").removesuffix(".")
    return sentence if len(sentence) <= LONGEST_DESCRIPTION else ""


def _rest(text: str) -> str:
    """A docstring without its first sentence, if that is shown as the description."""
    if not _first_sentence(text):
        return text
    match = _SENTENCE.match(text)
    return text[match.end() :] if match else text.partition("\n\n")[2]


def _joined(parts: Sequence[str]) -> str:
    return "\n\n".join(filter(None, parts)) + "\n"


def _plain(name: str) -> str:
    return escape(name).replace("_", "\\_")
