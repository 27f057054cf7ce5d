"""Read the `[[headers]]` of a netlify.toml.

Source: https://docs.netlify.com/manage/routing/headers/#syntax-for-the-netlify-configuration-file.
Netlify reads them after those of `_headers`, so they win.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ssg.model.errors import Location, Problem, did_you_mean
from ssg.redirects.formats.headers_file import HeaderLine, ParsedHeaders, read_blocks
from ssg.redirects.formats.netlify_toml import read_tables
from ssg.redirects.rule import is_url

FIELDS = ("for", "values")


def parse_toml_headers(text: str, path: str = "netlify.toml") -> ParsedHeaders:
    """Read the header rules of a netlify.toml. Entries that are not rules become problems."""
    entries = read_tables(text, path, "headers")
    if isinstance(entries, Problem):
        return ParsedHeaders(problems=(entries,))
    problems: list[Problem] = []
    blocks = [_block(entry, where, problems) for entry, where in entries]
    parsed = read_blocks(filter(None, blocks))
    return ParsedHeaders(parsed.rules, (*problems, *parsed.problems), parsed.warnings)


def _block(entry: object, where: Location, problems: list[Problem]) -> list[HeaderLine]:
    """An entry as lines of a `_headers` file; no lines if the entry has a problem."""
    found = list(_problems(entry, where))
    problems += found
    if found or not isinstance(entry, Mapping):
        return []
    lines = [f"{name}: {_value(value)}" for name, value in entry.get("values", {}).items()]
    return [HeaderLine(text, where) for text in (entry["for"].strip(), *lines)]


def _problems(entry: object, where: Location) -> Iterator[Problem]:
    if not isinstance(entry, Mapping):
        yield Problem("an entry of `headers` is not a table", where)
        return
    for name in entry:
        if name not in FIELDS:
            yield Problem(f'a header rule has no "{name}"', where, did_you_mean(name, FIELDS))
    if not isinstance(entry.get("for"), str):
        yield Problem('a header rule needs "for", its path', where)
    elif not (entry["for"].lstrip().startswith("/") or is_url(entry["for"].lstrip())):
        yield Problem(f'"{entry["for"]}" is not a path', where, "Begin the path with /")
    values = entry.get("values", {})
    if not isinstance(values, Mapping):
        yield Problem('"values" of a header rule is not a table', where)
        return
    for name, value in values.items():
        if not _is_text(value):
            yield Problem(f'the header "{name}" is neither a text nor a list of texts', where)


def _is_text(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(one, str) for one in value)
    return isinstance(value, str)


def _value(value: str | list[str]) -> str:
    """The value on one line: a list, or the lines of a long text, are joined."""
    parts = value if isinstance(value, list) else [value]
    return ", ".join(" ".join(part.split()) for part in parts)
