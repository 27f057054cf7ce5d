"""The pages: one for each module, class and function."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import griffe

from ssg.content.build_hooks import SourcePage
from ssg.plugins.python_reference.addresses import Entry, entries_of, places_of
from ssg.plugins.python_reference.docstrings import (
    Doc,
    Kind,
    Row,
    Section,
    SectionWriter,
    read_docstring,
    written,
)
from ssg.plugins.python_reference.links import Context, Links, markdown_link
from ssg.plugins.python_reference.load_packages import SourceFiles, load_packages, quietly
from ssg.plugins.python_reference.members import (
    Members,
    Scope,
    Symbol,
    constructor,
    is_enum,
    target_of,
)
from ssg.plugins.python_reference.options import Options
from ssg.plugins.python_reference.prose import alert, as_markdown
from ssg.plugins.python_reference.signatures import (
    CodeWriter,
    class_lines,
    function_lines,
    short_value,
    type_alias_lines,
    value_lines,
)

_SECTION = re.compile(r"^## (\w+)$", re.M)


def pages(root: Path, options: Options, raw_html: bool) -> list[SourcePage]:
    """Every page of the reference. Raises HookError for sources that cannot be read."""
    with quietly():
        return [*_pages(root, options, raw_html)]


def _pages(root: Path, options: Options, raw_html: bool) -> Iterator[SourcePage]:
    packages = load_packages(root, options)
    members = Members(options)
    entries = entries_of(packages.roots, options.folder, members)
    links = Links(places_of(entries, members), packages.collection, root / "content")
    writer = Writer(options, members, links, packages.files, CodeWriter(raw_html))
    if not (root / "content" / options.folder / "_index.md").exists():
        front = {"title": options.title, "sort_by": "weight"}
        yield SourcePage(f"{options.folder}/_index.md", front)
    yield from map(writer.page, entries)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes pages."""

    options: Options
    members: Members
    links: Links
    files: SourceFiles
    code: CodeWriter
    sections: SectionWriter = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sections", SectionWriter(self.code))

    def page(self, entry: Entry) -> SourcePage:
        """The page of a module, class or function."""
        symbol = entry.symbol
        context = Context(self.links, symbol, entry.place)
        doc = self._doc(symbol)
        front: dict[str, Any] = {"description": doc.summary, "weight": entry.weight}
        if isinstance(symbol, griffe.Module):
            parts = self._module(entry, doc, context)
            front |= {"title": entry.name, "sort_by": "weight"}
        elif isinstance(symbol, griffe.Class):
            parts = self._class(symbol, doc, context)
            front["title"] = entry.name
        else:
            parts = self._function(symbol, doc, context)
            front["title"] = f"{entry.name}()"
        text = "\n\n".join(filter(None, (*parts, self._source(symbol))))
        if isinstance(symbol, griffe.Class):
            text = _with_own_ids(text, symbol)
        ordered = {key: front[key] for key in sorted(front)}
        return SourcePage(entry.place.source, ordered, f"{text}\n")

    def _doc(self, symbol: griffe.Object) -> Doc:
        return read_docstring(symbol, self.options.docstrings)

    # -- kinds of pages ----------------------------------------------------------------------

    def _module(self, entry: Entry, doc: Doc, context: Context) -> Iterator[str]:
        """What a module is about, and its constants. The theme lists what else is in it."""
        yield from self._text(doc, context)
        yield from self.sections.written(_without(doc.sections, Kind.attributes), context, 2)
        texts = _described(doc.sections)
        yield from self._type_aliases(entry.module, context)
        if entry.constants:
            yield "## Constants"
        for one in entry.constants:
            inner = context.within(one.module, one.name)
            yield _heading(one.name, one.name)
            yield self.code.block(value_lines(one), inner)
            said = self._doc(one)
            yield as_markdown(said.lead or texts.get(one.name, ""), inner, 3)
            yield from self.sections.written(said.sections, inner, None)
        if entry.exports:
            yield "## Exported names"
            yield "\n".join(self._export(one, context) for one in entry.exports)

    def _class(self, class_: griffe.Class, doc: Doc, context: Context) -> Iterator[str]:
        yield self.code.block(class_lines(class_), context)
        yield from self._deprecated(class_, context)
        yield from self._text(doc, context)
        yield from self.sections.written(_without(doc.sections, Kind.attributes), context, 2)
        begin = constructor(class_)
        if begin is not None:
            yield from self._constructor(self._doc(begin), context.within(begin, ""))
        yield from self._attributes(class_, doc, context)
        yield from self._type_aliases(class_, context)
        yield from self._classes(class_, context)
        yield from self._methods(class_, context)
        yield from self._inherited(class_, context)

    def _constructor(self, doc: Doc, context: Context) -> Iterator[str]:
        if doc.summary and (doc.text or doc.sections):
            yield from self._text(doc, context)
        yield from self.sections.written(doc.sections, context, 2)

    def _function(self, function: griffe.Function, doc: Doc, context: Context) -> Iterator[str]:
        yield self.code.block(function_lines(function), context)
        yield from self._deprecated(function, context)
        yield from self._text(doc, context)
        yield from self.sections.written(doc.sections, context, 2)

    # -- parts of pages ----------------------------------------------------------------------

    def _text(self, doc: Doc, context: Context, level: int = 1) -> Iterator[str]:
        yield as_markdown(doc.text, context, level)

    def _deprecated(self, symbol: Symbol, context: Context) -> Iterator[str]:
        """What the decorator of PEP 702 says."""
        for one in symbol.decorators:
            value = one.value
            if isinstance(value, griffe.ExprCall) and str(value.function).endswith("deprecated"):
                said = str(value.arguments[0]).strip("'\"") if value.arguments else ""
                yield alert("deprecated", "Deprecated", as_markdown(said, context))

    def _attributes(self, class_: griffe.Class, doc: Doc, context: Context) -> Iterator[str]:
        found = self.members.attributes(class_)
        texts = _described(doc.sections)
        rows = [self._row(one, class_, texts) for one in found if "property" not in one.labels]
        rows += _undefined(doc.sections, found)
        if rows:
            yield "## Members" if is_enum(class_) else "## Attributes"
            yield self.sections.rows(rows, context, "value" if is_enum(class_) else "default")
        if rows := [self._row(one, class_, texts) for one in found if "property" in one.labels]:
            yield "## Properties"
            yield self.sections.rows(rows, context)

    def _row(
        self, attribute: griffe.Attribute, class_: griffe.Class, texts: Mapping[str, str]
    ) -> Row:
        text = self._doc(attribute).lead or texts.get(attribute.name, "")
        type_: object = attribute.annotation
        value = short_value(attribute)
        if "class-attribute" not in attribute.labels:
            type_ = type_ if type_ is not None else _type_of_argument(class_, value)
            value = ""
        return Row(attribute.name, written(type_), value, text, is_part=True)

    def _classes(self, class_: griffe.Class, context: Context) -> Iterator[str]:
        """Classes in a class. Each has a page of its own."""
        found = [one for one in self.members.symbols(class_) if isinstance(one, griffe.Class)]
        if found:
            yield "## Classes"
            yield "\n".join(self._entry(one.name, one, one.path, context) for one in found)

    def _methods(self, class_: griffe.Class, context: Context) -> Iterator[str]:
        methods = [one for one in self.members.symbols(class_) if isinstance(one, griffe.Function)]
        if methods:
            yield "## Methods"
        for one in methods:
            yield from self._method(one, context.within(one, one.name))

    def _method(self, method: griffe.Function, context: Context) -> Iterator[str]:
        doc = self._doc(method)
        yield _heading(f"{method.name}()", method.name)
        yield self.code.block(function_lines(method), context)
        yield from self._deprecated(method, context)
        yield as_markdown(doc.lead, context, 3)
        yield from self.sections.written(doc.sections, context, None)

    def _type_aliases(self, scope: Scope, context: Context) -> Iterator[str]:
        aliases = self.members.type_aliases(scope)
        if aliases:
            yield "## Type aliases"
        for one in aliases:
            inner = context.within(scope, one.name)
            yield _heading(one.name, one.name)
            yield self.code.block(type_alias_lines(one), inner)
            yield as_markdown(one.docstring.value if one.docstring else "", inner, 3)

    def _inherited(self, class_: griffe.Class, context: Context) -> Iterator[str]:
        rows = []
        for base, names in self.members.inherited(class_):
            written = (self._linked(name, f"{base.path}.{name}", context) for name in names)
            base_link = self._linked(base.name, base.path, context)
            rows.append(f"- {base_link}: {', '.join(written)}")
        if rows:
            yield "## Inherited members"
            yield "\n".join(rows)

    def _export(self, alias: griffe.Alias, context: Context) -> str:
        target = target_of(alias)
        path = target.path if target is not None else alias.target_path
        return self._entry(alias.name, target, path, context)

    def _entry(self, name: str, symbol: griffe.Object | None, path: str, context: Context) -> str:
        """An item of a list of symbols, with what each is."""
        summary = self._doc(symbol).summary if symbol is not None else ""
        text = f": {as_markdown(summary, context)}" if summary else ""
        return f"- {self._linked(name, path, context)}{text}"

    def _linked(self, name: str, path: str, context: Context) -> str:
        place = context.find(path)
        return markdown_link(f"`{name}`", place) if place else f"`{name}`"

    def _source(self, symbol: griffe.Object) -> str:
        """Where the source of a symbol is."""
        file, line = symbol.filepath, symbol.lineno
        if isinstance(file, list):
            return ""  # a namespace package
        name = self.files.name(file)
        text = f"`{name}`" + (f", line {line}" if line and not symbol.is_module else "")
        if self.options.source_url:
            url = self.options.source_url.replace("{file}", quote(name))
            url = url.replace("{line}", str(line or 1))
            return f"Source: [{text}]({url})"
        return f"Source: {text}."


def _heading(title: str, part: str) -> str:
    return f"### {title.replace('_', chr(92) + '_')} {{#{part}}}"


def _with_own_ids(text: str, class_: griffe.Class) -> str:
    """Headings of sections leave their usual ids to members of the class with such names."""

    def renamed(heading: re.Match[str]) -> str:
        id_ = heading[1].lower()
        return f"{heading[0]} {{#{id_}-section}}" if id_ in class_.members else heading[0]

    return _SECTION.sub(renamed, text)


def _without(sections: Sequence[Section], kind: Kind) -> list[Section]:
    return [one for one in sections if one.kind is not kind]


def _elements(sections: Sequence[Section]) -> list[Any]:
    """Attributes that a docstring describes."""
    return [one for section in sections if section.kind is Kind.attributes for one in section.value]


def _undefined(sections: Sequence[Section], known: Sequence[griffe.Attribute]) -> list[Row]:
    """Attributes that a docstring alone tells of. griffe may give one the type of another."""
    names = {one.name for one in known}
    others = {id(one.annotation) for one in known}
    return [
        Row(
            name=one.name,
            type="" if id(one.annotation) in others else written(one.annotation),
            value="",
            text=one.description,
            is_part=True,
        )
        for one in _elements(sections)
        if one.name not in names
    ]


def _described(sections: Sequence[Section]) -> dict[str, str]:
    return {one.name: one.description for one in _elements(sections)}


def _type_of_argument(class_: griffe.Class, value: str) -> object:
    """The type of an attribute to which the constructor gives one of its arguments."""
    begin = constructor(class_)
    if begin is None or value not in begin.parameters:
        return None
    return begin.parameters[value].annotation
