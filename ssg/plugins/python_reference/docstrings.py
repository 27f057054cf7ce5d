"""Docstrings -> their parts, as Markdown. griffe knows the styles, and finds the sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import griffe

from ssg.plugins.python_reference.links import Context
from ssg.plugins.python_reference.prose import (
    ALERTS,
    alert,
    as_cell,
    as_markdown,
    examples,
    first_sentence,
    is_short,
    plain,
    tabular,
)
from ssg.plugins.python_reference.signatures import CodeWriter

LONGEST_DESCRIPTION = 160

Section = griffe.DocstringSection
Kind = griffe.DocstringSectionKind

TITLES = {
    Kind.parameters: "Parameters", Kind.other_parameters: "Other parameters",
    Kind.type_parameters: "Type parameters", Kind.attributes: "Attributes",
    Kind.functions: "Functions", Kind.classes: "Classes", Kind.modules: "Modules",
    Kind.type_aliases: "Type aliases", Kind.raises: "Raises", Kind.warns: "Warns",
    Kind.returns: "Returns", Kind.yields: "Yields", Kind.receives: "Receives",
    Kind.examples: "Examples",
}  # fmt: skip

_OPTIONS: dict[str, dict[str, Any]] = {
    "google": {"returns_multiple_items": False, "returns_named_value": False,
               "receives_multiple_items": False, "receives_named_value": False,
               "warnings": False},
    "numpy": {"warnings": False},
    "sphinx": {"warnings": False},
}  # fmt: skip
"""`Returns:` has one value, as Google's guide has it. What griffe would warn of is not told."""

_SEE_ALSO = re.compile(r"^([\w.]+(?:, [\w.]+)*)\s*(?::\s*(.*))?$", re.M)


@dataclass(frozen=True, slots=True)
class Doc:
    """A docstring, taken apart."""

    summary: str = ""
    """Its first sentence without marks, for the page's description; empty if that is long."""
    text: str = ""
    """The text at its start, without the summary."""
    lead: str = ""
    """The text at its start as a whole."""
    sections: Sequence[Section] = ()


def read_docstring(symbol: griffe.Object, style: str) -> Doc:
    """The docstring of a symbol. With the style `auto`, its own signs tell its style."""
    if symbol.docstring is None:
        return Doc()
    sections = _sections(symbol.docstring, style)
    text = ""
    if sections and sections[0].kind is Kind.text:
        text, sections = sections[0].value, sections[1:]
    summary, rest = _split(text)
    return Doc(summary, rest, text, sections)


def _sections(docstring: griffe.Docstring, style: str) -> list[Section]:
    if style == "auto":
        style = _style_of(docstring)
    if style == "markdown":
        return [griffe.DocstringSectionText(docstring.value)]
    parsed: Any = docstring.parse(griffe.Parser(style), **_OPTIONS[style])
    return list(parsed)


def _style_of(docstring: griffe.Docstring) -> str:
    """The style that the signs of a docstring tell. griffe finds those that are between lines."""
    if ":" not in docstring.value and "---" not in docstring.value:
        return "markdown"
    ended = griffe.Docstring(f".\n{docstring.value}\n.", parent=docstring.parent)
    found, _ = griffe.infer_docstring_style(ended)
    return found.value if found else "markdown"


def _split(text: str) -> tuple[str, str]:
    """A text's first sentence, if it is short enough, and the rest."""
    match = first_sentence(text.strip())
    if match is None:
        return "", text
    found = match["sentence"] or match["paragraph"]
    if "\n\n" in found or found.startswith((">>>", "..", "- ", "* ", "#", "```", "|")):
        return "", text
    summary = plain(" ".join(found.split())).removesuffix(".")
    if len(summary) > LONGEST_DESCRIPTION:
        return "", text
    return summary, text.strip()[match.end() :]


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter, an attribute, an exception: what a table or a list describes."""

    name: str
    type: str
    value: str
    text: str
    is_part: bool = False
    """Whether its name is the id of a part of the page."""


@dataclass(frozen=True, slots=True)
class SectionWriter:
    """Writes sections of docstrings."""

    code: CodeWriter

    def written(
        self, sections: Sequence[Section], context: Context, level: int | None
    ) -> Iterator[str]:
        """The sections as Markdown. Titles are headings of the rank `level`, or bold text."""
        rank = level or 4
        for section in sections:
            if section.kind is Kind.text:
                yield as_markdown(section.value, context, rank - 1)
            elif section.kind is Kind.admonition:
                yield from self._admonition(section, context, level)
            elif section.kind is Kind.deprecated:
                value = section.value
                text = as_markdown(value.description, context)
                yield alert("deprecated", f"Deprecated since {value.version}", text)
            elif section.value:
                yield _title(section.title or TITLES[section.kind], level)
                yield self._body(section, context)

    def _admonition(self, section: Section, context: Context, level: int | None) -> Iterator[str]:
        kind = str(section.value.kind).lower()
        title = section.title or kind.replace("-", " ").capitalize()
        text = section.value.contents
        if kind == "see-also":
            text = _SEE_ALSO.sub(_see_also, text)
        if kind not in ALERTS or title in ("Notes", "Warnings"):
            yield _title(title, level)
            yield as_markdown(text, context, (level or 4))
        else:
            own = "" if title.lower() == kind and kind != "deprecated" else title
            yield alert(kind, own, as_markdown(text, context, (level or 4)))

    def _body(self, section: Section, context: Context) -> str:
        if section.kind is Kind.examples:
            parts = (
                as_markdown(text, context) if kind is Kind.text else examples(text)
                for kind, text in section.value
            )
            return "\n\n".join(parts)
        return self.rows([_row(one) for one in section.value], context)

    def rows(self, rows: Sequence[Row], context: Context, value: str = "default") -> str:
        """A table of names; a list if they have none, or if a text does not fit into a cell.

        `value` is the title of the column of values.
        """
        if all(row.name and is_short(row.text) for row in rows):
            return tabular(
                [self._cells(row, context) for row in rows], ("name", "type", value, "meaning")
            )
        return "\n".join(self._item(row, context) for row in rows)

    def _cells(self, row: Row, context: Context) -> tuple[str, ...]:
        type_, value = self.code.inline(row.type, context), self.code.inline(row.value, context)
        return self._name(row, context), type_, value, as_cell(row.text, context)

    def _name(self, row: Row, context: Context) -> str:
        return self.code.inline(row.name, context, row.name) if row.is_part else f"`{row.name}`"

    def _item(self, row: Row, context: Context) -> str:
        """An item of a list: a name, a type, and a text of any length."""
        head = type_ = self.code.inline(row.type, context)
        if row.name:
            head = self._name(row, context) + (f" ({type_})" if type_ else "")
            head += f", default {self.code.inline(row.value, context)}" if row.value else ""
        first, _, rest = as_markdown(row.text, context).partition("\n")
        lines = [f"- {head}: {first}" if head and first else f"- {head or first}"]
        lines += [f"  {line}".rstrip() for line in rest.split("\n")] if rest else []
        return "\n".join(lines)


def written(annotation: object) -> str:
    """A type as code. NumPy's style has choices in braces, which griffe makes a tuple."""
    if isinstance(annotation, griffe.ExprTuple):
        return f"{{{', '.join(map(str, annotation.elements))}}}"
    return "" if annotation is None else str(annotation)


def _row(element: Any) -> Row:
    """Something that a section describes. The default of `*args` says nothing."""
    name = getattr(element, "name", "")
    value = "" if name.startswith("*") else written(getattr(element, "value", None))
    return Row(name, written(element.annotation), value, element.description)


def _title(title: str, level: int | None) -> str:
    return f"{'#' * level} {title}" if level else f"**{title}**"


def _see_also(match: re.Match[str]) -> str:
    names = ", ".join(f"`{name}`" for name in match[1].split(", "))
    return f"- {names}: {match[2]}" if match[2] else f"- {names}"
