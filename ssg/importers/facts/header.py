"""Front matter of any generator, read; ours, written."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from ssg.content.source.front_matter import FrontMatterError, Source, parse
from ssg.importers.imported import Kind, Notes
from ssg.importers.tree import Tree
from ssg.model.errors import Location, OldSiteError, Problem

_ORDER = ("title", "description", "date", "updated", "draft", "slug", "path", "aliases")
_LAST = ("extra", "cascade")


@dataclass(frozen=True, slots=True)
class Header:
    """A file of the old site, taken apart. `line` is that on which the text begins."""

    values: Mapping[str, Any]
    text: str
    line: int
    is_there: bool


def read_header(tree: Tree, path: str, notes: Notes) -> Header | None:
    """A file's front matter and text; None if it cannot be read, which is noted."""
    try:
        data = tree.bytes(path)
        if data.lstrip()[:1] == b"{":
            return _with_json(tree.text(path), path)
        source = parse(data, path)
    except (FrontMatterError, OldSiteError) as error:
        problem = error.problem if isinstance(error, FrontMatterError) else error.problems[0]
        where = problem.where or Location(path)
        notes.add(Kind.FILE, f"left out, it cannot be read: {problem.message}", path, where.line)
        return None
    return _header(source)


def _header(source: Source) -> Header:
    return Header(source.values, source.text, source.text_line, bool(source.fence))


def _with_json(text: str, path: str) -> Header:
    """Hugo's third form: the file begins with a JSON object. Any other brace is text."""
    start = text.index("{")
    try:
        values, end = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        if not text.lstrip().startswith(("{\n", '{"', "{ \n")):
            return Header({}, text, 1, False)
        line = getattr(error, "lineno", 1)
        raise OldSiteError(Problem(f"JSON: {error}", Location(path, line))) from error
    rest = text[end:]
    body = rest.lstrip("\n")
    return Header(values, body, text.count("\n", 0, len(text) - len(body)) + 1, True)


class _Dumper(yaml.SafeDumper):
    """Writes what people would: no anchors, long texts as blocks, anything odd as text."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 the signature is PyYAML's
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 the signature is PyYAML's
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _odd(dumper: yaml.SafeDumper, value: object) -> yaml.Node:
    text = value.isoformat() if isinstance(value, dt.time) else str(value)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text)


_Dumper.add_representer(str, _text)
_Dumper.add_multi_representer(object, _odd)


def write_page(values: Mapping[str, Any], text: str) -> str:
    """A file of ours. Keys without a value are left out; those that people look for come first."""
    kept = {key: value for key, value in values.items() if value not in (None, "", [], {})}
    ordered = {key: kept[key] for key in (*_ORDER, *sorted(kept, key=_LAST.__contains__))
               if key in kept}  # fmt: skip
    header = yaml.dump(
        ordered, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100_000
    ) if ordered else ""  # fmt: skip
    body = text.strip("\n")
    return f"---\n{header}---\n" + (f"\n{body}\n" if body else "")
