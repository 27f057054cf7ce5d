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
    """The style that the signs of a docstring tell. griffe finds a field if a line follows it."""
    if ":" not in docstring.value and "---" not in docstring.value:
        return "markdown"
    ended = griffe.Docstring(f"\n{docstring.value}\n", parent=docstring.parent)
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
            )  # fmt: skip
            return "\n\n".join(parts)
        has_names = all(getattr(one, "name", "") for one in section.value)
        if has_names and all(is_short(one.description) for one in section.value):
            return self._table(section.value, context)
        return "\n".join(self._item(one, context) for one in section.value)

    def _table(self, elements: Sequence[Any], context: Context) -> str:
        rows = [
            (
                f"`{one.name}`",
                self.code.inline(_written(one.annotation), context),
                self.code.inline(_default(one), context),
                as_cell(one.description, context),
            )
            for one in elements
        ]
        return tabular(rows, ("name", "type", "default", "meaning"))

    def _item(self, element: Any, context: Context) -> str:
        """An item of a list: a name, a type, and a text of any length."""
        name = getattr(element, "name", "")
        type_ = self.code.inline(_written(element.annotation), context)
        head = type_
        if name:
            default = self.code.inline(_default(element), context)
            head = f"`{name}`" + (f" ({type_})" if type_ else "")
            head += f", default {default}" if default else ""
        text = as_markdown(element.description, context)
        first, _, rest = text.partition("\n")
        lines = [f"- {head}: {first}" if head and first else f"- {head or first}"]
        lines += [f"  {line}".rstrip() for line in rest.split("\n")] if rest else []
        return "\n".join(lines)


def _title(title: str, level: int | None) -> str:
    return f"{'#' * level} {title}" if level else f"**{title}**"


def _written(annotation: object) -> str:
    return "" if annotation is None else str(annotation)


def _default(element: Any) -> str:
    """The default of a parameter. Those of `*args` and `**kwargs` say nothing."""
    value = getattr(element, "value", None)
    return "" if value is None or element.name.startswith("*") else str(value)


def _see_also(match: re.Match[str]) -> str:
    names = ", ".join(f"`{name}`" for name in match[1].split(", "))
    return f"- {names}: {match[2]}" if match[2] else f"- {names}"
