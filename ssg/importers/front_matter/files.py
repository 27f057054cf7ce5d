"""Reads files with front matter of any generator, and writes ours."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from ssg.content.source.front_matter import FrontMatterError, ParsedSource, parse
from ssg.importers.front_matter.fields import drop_empty
from ssg.importers.imported_site import ImportNotes, Topic
from ssg.importers.limits import TimeLimitError, seconds_for_text, time_limit, value_problem
from ssg.importers.source_tree import SourceTree
from ssg.model.errors import Location, OldSiteError, Problem

_FIRST = ("title", "description", "date", "updated", "draft", "slug", "path", "aliases")
_LAST = ("extra", "cascade")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """Front matter and text of a file. `line` is the line on which the text begins."""

    values: Mapping[str, Any]
    text: str
    line: int
    has_front_matter: bool


def read_source_file(tree: SourceTree, path: str, notes: ImportNotes) -> SourceFile | None:
    """Front matter and text of a file; None, with a finding, if it cannot be read."""
    try:
        found = _read(tree, path)
        if what := value_problem(found.values):
            notes.add(Topic.FILE, f"left out, it cannot be read: {what}", path, 1)
            return None
        return found
    except TimeLimitError:
        notes.add(Topic.FILE, "left out, its front matter takes too long to read", path, 1)
        return None
    except RecursionError:
        notes.add(Topic.FILE, "left out, its front matter is nested too deeply", path, 1)
        return None
    except (FrontMatterError, OldSiteError) as error:
        problem = error.problem if isinstance(error, FrontMatterError) else error.problems[0]
        where = problem.where or Location(path)
        notes.add(Topic.FILE, f"left out, it cannot be read: {problem.message}", path, where.line)
        return None


def _read(tree: SourceTree, path: str) -> SourceFile:
    data = tree.bytes(path)
    with time_limit(seconds_for_text(len(data))):
        if data.lstrip()[:1] == b"{":
            return _with_json(tree.text(path), path)
        return _header(parse(data, path))


def _header(source: ParsedSource) -> SourceFile:
    return SourceFile(source.values, source.text, source.text_line, bool(source.fence))


def _with_json(text: str, path: str) -> SourceFile:
    """Front matter as a JSON object, which Hugo has, too. Any other leading brace is text."""
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
    """Writes YAML as people do: no anchors, long texts as blocks, other types as text."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 the signature is PyYAML's
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 the signature is PyYAML's
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _other(dumper: yaml.SafeDumper, value: object) -> yaml.Node:
    text = value.isoformat() if isinstance(value, dt.time) else str(value)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text)


_Dumper.add_representer(str, _text)
_Dumper.add_multi_representer(object, _other)


def page_text(values: Mapping[str, Any], text: str) -> str:
    """A file of the new site. Keys without a value are dropped; the main keys come first."""
    kept = drop_empty(values)
    ordered = {key: kept[key] for key in (*_FIRST, *sorted(kept, key=_LAST.__contains__))
               if key in kept}  # fmt: skip
    header = yaml.dump(
        ordered, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100_000
    ) if ordered else ""  # fmt: skip
    body = text.strip("\n")
    return f"---\n{header}---\n" + (f"\n{body}\n" if body else "")
