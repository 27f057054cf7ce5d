"""Follows the routes of a `config.json` as Vercel's documentation says, to compare answers.

Sources: https://vercel.com/docs/build-output-api/configuration#routes; for what that page does not
say, the router of `vercel dev`. Assumed: expressions are compared with the path as it is sent, and
`index.html` answers at the path of its folder, with and without a slash.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode

Answer = tuple[str, ...]
"""`("file", name, status)`, `("redirect", location, status)`, `("function", path)`, or others."""

REFERENCE = re.compile(r"\$([1-9a-zA-Z]+)")
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request."""

    path: str
    query: Pairs = ()
    cookies: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    host: str = "example.org"


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, and the headers that routes added to it."""

    answer: Answer
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Deploy:
    """A deploy: its routes by phase, its files and functions."""

    before: Sequence[dict[str, Any]]
    after: Sequence[dict[str, Any]]
    error: Sequence[dict[str, Any]]
    files: Collection[str]
    functions: Collection[str]

    @classmethod
    def of(
        cls,
        routes: Sequence[dict[str, Any]],
        files: Collection[str],
        functions: Collection[str] = (),
    ) -> Deploy:
        phases: dict[str, list[dict[str, Any]]] = {"": [], "filesystem": [], "error": []}
        current = ""
        for route in routes:
            current = route.get("handle", current)
            if "handle" not in route:
                phases[current].append(route)
        return cls(phases[""], phases["filesystem"], phases["error"], files, functions)

    def ask(self, asked: Asked) -> Answered:
        headers: dict[str, str] = {}
        for phase in (self.before, self.after):
            found = self._follow(phase, asked, headers)
            if found is None and phase is self.before:
                found = self._served(asked.path, asked, 200)
            if found is not None:
                return Answered(found if found[0] != "miss" else self._error(asked), headers)
        return Answered(self._error(asked), headers)

    def _error(self, asked: Asked) -> Answer:
        found = self._follow(self.error, asked, {})
        return found if found and found[0] != "miss" else ("missing",)

    def _follow(
        self, routes: Sequence[dict[str, Any]], asked: Asked, headers: dict[str, str]
    ) -> Answer | None:
        for route in routes:
            values = _match(route, asked)
            if values is None:
                continue
            added = {name: _fill(value, values) for name, value in route.get("headers", {}).items()}
            headers |= added
            if route.get("continue"):
                continue
            status = route.get("status", 200)
            if 300 <= status < 400:
                return "redirect", _with_query(added["Location"], asked.query), str(status)
            destination = _fill(route.get("dest", ""), values)
            if destination.startswith(("http://", "https://")):
                return "proxy", _with_query(destination, asked.query)
            if not destination:
                return ("miss",)
            return self._served(destination, asked, status) or ("miss",)
        return None

    def _served(self, destination: str, asked: Asked, status: int) -> Answer | None:
        path = unquote(destination.partition("?")[0])
        if path in self.functions:
            return "function", destination, asked.path
        name = path[1:]
        for candidate in (
            name,
            f"{name}index.html" if path.endswith("/") else f"{name}/index.html",
        ):
            if candidate in self.files:
                return "file", candidate, str(status)
        return None


def _match(route: dict[str, Any], asked: Asked) -> dict[str, str] | None:
    flags = 0 if route.get("caseSensitive") else re.IGNORECASE
    found = re.match(_python(route["src"]), asked.path, flags)
    if found is None:
        return None
    values = {str(number): value or "" for number, value in enumerate(found.groups(), start=1)}
    values |= {name: value or "" for name, value in found.groupdict().items()}
    for one in route.get("has", ()):
        value = _asked_value(one, asked)
        matched = None if value is None else re.match(_python(one.get("value", "^.*$")), value)
        if matched is None:
            return None
        values |= {name: part or "" for name, part in matched.groupdict().items()}
    return values


def _asked_value(requirement: dict[str, str], asked: Asked) -> str | None:
    match requirement["type"]:
        case "host":
            return asked.host
        case "header":
            return asked.headers.get(requirement["key"])
        case "cookie":
            return asked.cookies.get(requirement["key"])
        case _:
            return dict(asked.query).get(requirement["key"])


def _python(expression: str) -> str:
    """An expression of PCRE as Python reads it: named groups, and `$` at the very end."""
    assert expression.startswith("^")
    assert expression.endswith("$")
    return re.sub(r"\(\?<(?=[A-Za-z])", "(?P<", expression[:-1]) + r"\Z"


def _fill(text: str, values: Mapping[str, str]) -> str:
    return REFERENCE.sub(lambda found: values.get(found[1], ""), text)


def _with_query(location: str, query: Pairs) -> str:
    return f"{location}?{urlencode(query)}" if query and "?" not in location else location
