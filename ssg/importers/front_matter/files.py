"""Front matter of any generator, read; ours, written."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from ssg.content.source.front_matter import FrontMatterError, ParsedSource, parse
from ssg.importers.imported_site import ImportNotes, ImportTopic
from ssg.importers.source_tree import SourceTree
from ssg.model.errors import Location, OldSiteError, Problem

_ORDER = ("title", "description", "date", "updated", "draft", "slug", "path", "aliases")
_LAST = ("extra", "cascade")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the old site, taken apart. `line` is that on which the text begins."""

    values: Mapping[str, Any]
    text: str
    line: int
    is_there: bool


def read_source_file(tree: SourceTree, path: str, notes: ImportNotes) -> SourceFile | None:
    """A file's front matter and text; None if it cannot be read, which is noted."""
    try:
        data = tree.bytes(path)
        if data.lstrip()[:1] == b"{":
            return _with_json(tree.text(path), path)
        source = parse(data, path)
    except (FrontMatterError, OldSiteError) as error:
        problem = error.problem if isinstance(error, FrontMatterError) else error.problems[0]
        where = problem.where or Location(path)
        notes.add(
            ImportTopic.FILE,
            f"left out, it cannot be read: {problem.message}",
            path,
            where.line,
        )
        return None
    return _header(source)


def _header(source: ParsedSource) -> SourceFile:
    return SourceFile(source.values, source.text, source.text_line, bool(source.fence))


def _with_json(text: str, path: str) -> SourceFile:
    """Hugo's third form: the file begins with a JSON object. Any other brace is text."""
    start = text.index("{")
    try:
        values, end = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        if not text.lstrip().startswith(("{\n", '{"', "{ \n")):
            return SourceFile({}, text, 1, False)
        line = getattr(error, "lineno", 1)
        raise OldSiteError(Problem(f"JSON: {error}", Location(path, line))) from error
    rest = text[end:]
    body = rest.lstrip("\n")
    return SourceFile(values, body, text.count("\n", 0, len(text) - len(body)) + 1, True)


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


def page_text(values: Mapping[str, Any], text: str) -> str:
    """A file of ours. Keys without a value are left out; those that people look for come first."""
    kept = {key: value for key, value in values.items() if value not in (None, "", [], {})}
    ordered = {key: kept[key] for key in (*_ORDER, *sorted(kept, key=_LAST.__contains__))
               if key in kept}  # fmt: skip
    header = yaml.dump(
        ordered, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100_000
    ) if ordered else ""  # fmt: skip
    body = text.strip("\n")
    return f"---\n{header}---\n" + (f"\n{body}\n" if body else "")
