"""Read and write `_headers` files.

    /templates/:name/*
      X-Frame-Options: DENY
      Cache-Control: max-age=0
      Cache-Control: must-revalidate

The host applies the headers to static files; the function of a site sends them itself.
Source: https://docs.netlify.com/manage/routing/headers/, and Netlify's own parser
(`@netlify/headers-parser`) for what the page does not say: patterns ignore case, several values of
a header are joined, and if two rules set a header for a path, the later one wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ssg.model.errors import Location, Problem
from ssg.redirects.header_rule import BASIC_AUTH, SET_BY_HOST, HeaderRule
from ssg.redirects.rule import NameValuePairs, is_url

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]+")  # RFC 9110, section 5.5


@dataclass(frozen=True, slots=True)
class ParsedHeaders:
    """The rules of a file, its problems, and warnings about what has no effect."""

    rules: tuple[HeaderRule, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """A line with a path, or with a header for the path before it."""

    text: str
    where: Location

    @property
    def is_path(self) -> bool:
        return self.text.startswith("/") or is_url(self.text)


def parse_headers(text: str, path: str = "_headers") -> ParsedHeaders:
    """Read the rules of a `_headers` file. Lines that cannot be used become problems."""
    return read_blocks(_blocks(_lines(text, path)))


def write_headers(rules: Iterable[HeaderRule]) -> str:
    """Write the rules as a `_headers` file has them."""
    return "".join(map(_written, rules))


def read_blocks(blocks: Iterable[Sequence[HeaderLine]]) -> ParsedHeaders:
    """Make rules of blocks: a path, then its headers."""
    rules: list[HeaderRule] = []
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for first, *lines in blocks:
        if not first.is_path:
            message, hint = "a header has no path", "Write the path on a line before it"
            problems.append(Problem(message, first.where, hint))
            continue
        results = [_header(line) for line in lines]
        wrong = [*_path_problems(first), *(r for r in results if isinstance(r, Problem))]
        pairs = [result for result in results if not isinstance(result, Problem)]
        problems += wrong
        warnings += _without_effect(first, lines)
        if pairs and not wrong:
            rules.append(HeaderRule(first.text, _joined(pairs), first.where))
    return ParsedHeaders(tuple(rules), tuple(problems), tuple(warnings))


def _written(rule: HeaderRule) -> str:
    values = (f"  {name.title()}: {value}\n" for name, value in rule.values)
    return f"{rule.for_path}\n{''.join(values)}"


def _lines(text: str, path: str) -> Iterator[HeaderLine]:
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            column = len(line) - len(line.lstrip()) + 1
            yield HeaderLine(stripped, Location(path, number, column))


def _blocks(lines: Iterable[HeaderLine]) -> Iterator[list[HeaderLine]]:
    """Group each path with its headers. A header before the first path is a group of its own."""
    block: list[HeaderLine] = []
    for line in lines:
        if block and block[0].is_path and not line.is_path:
            block.append(line)
            continue
        if block:
            yield block
        block = [line]
    if block:
        yield block


def _header(line: HeaderLine) -> tuple[str, str] | Problem:
    """Name and value, or the problem of the line."""
    name, colon, value = (part.strip() for part in line.text.partition(":"))
    if not colon:
        hint = "Begin a path with /, and write a header as `Name: value`"
        return Problem(f'"{line.text}" is neither a path nor a header', line.where, hint)
    if not _TOKEN.fullmatch(name):
        return Problem(f'"{name}" is not the name of a header', line.where)
    if not value:
        return Problem(f'the header "{name}" has no value', line.where)
    if not _VALUE.fullmatch(value):
        hint = "Percent-encode letters beyond Latin-1"
        return Problem(f'the value of "{name}" cannot be sent', line.where, hint)
    if name.lower() == BASIC_AUTH and not all(":" in user for user in value.split()):
        hint = "Write `Basic-Auth: name:password other:password`"
        return Problem(f'"{name}" has a user without a password', line.where, hint)
    return name, ", ".join(part.strip() for part in value.split(","))


def _path_problems(line: HeaderLine) -> Iterator[Problem]:
    if is_url(line.text):
        hint = "Write the path alone: /blog/*"
        yield Problem(f'"{line.text}" is a URL; headers apply to paths', line.where, hint)
    elif any(part.startswith(":") and "*" in part for part in line.text.split("/")):
        message = f'"{line.text}" has a placeholder and a wildcard in one part of the path'
        yield Problem(message, line.where)


def _without_effect(path: HeaderLine, lines: list[HeaderLine]) -> Iterator[Problem]:
    """Warn about lines that are valid but have no effect."""
    if not lines:
        yield Problem(f'the path "{path.text}" has no headers', path.where)
    for line in lines:
        name = line.text.partition(":")[0].strip()
        if name.lower() in SET_BY_HOST:
            hint = "Use a redirect rule" if name.lower() == "location" else None
            yield Problem(f'Netlify sets "{name}" itself and ignores it here', line.where, hint)


def _joined(pairs: list[tuple[str, str]]) -> NameValuePairs:
    """Join the values of each name (RFC 9110, section 5.3)."""
    joined: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower()
        separator = " " if key == BASIC_AUTH else ", "
        joined[key] = f"{joined[key]}{separator}{value}" if key in joined else value
    return tuple(joined.items())
