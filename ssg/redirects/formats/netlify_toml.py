"""Read and write the `[[redirects]]` of a netlify.toml.

Source: https://docs.netlify.com/build/configure-builds/file-based-configuration/#redirects
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ssg.model.errors import Location, Problem, did_you_mean
from ssg.redirects.formats.raw_rule import CONDITION_FIELDS, ParsedRedirects, RawRule, to_rule
from ssg.redirects.rule import NameValuePairs, RedirectRule

NAMES: dict[str, tuple[str, ...]] = {
    "from": ("from", "origin"),
    "to": ("to", "destination"),
    "query": ("query", "params", "parameters"),
    "signed": ("signed", "signing", "sign"),
    "status": ("status",),
    "force": ("force",),
    "conditions": ("conditions",),
    "headers": ("headers",),
    "rate_limit": ("rate_limit",),
}
"""The names of each field, the current one first."""


class WrongTypeError(Exception):
    """A field has a value of the wrong type."""


def parse_netlify_toml(text: str, path: str = "netlify.toml") -> ParsedRedirects:
    """Read the redirect rules of a netlify.toml. Entries that are not rules become problems."""
    entries = read_tables(text, path, "redirects")
    if isinstance(entries, Problem):
        return ParsedRedirects((), (entries,))
    results = [_parse_entry(entry, where) for entry, where in entries]
    rules = tuple(result for result in results if isinstance(result, RedirectRule))
    return ParsedRedirects(
        rules, tuple(p for result in results if isinstance(result, list) for p in result)
    )


def write_netlify_toml(rules: Iterable[RedirectRule]) -> str:
    """Write rules as `[[redirects]]` tables."""
    return "\n".join("\n".join(_lines(rule)) + "\n" for rule in rules)


def read_tables(text: str, path: str, name: str) -> list[tuple[object, Location]] | Problem:
    """The tables of `[[name]]` with their places, or the problem of the file."""
    try:
        entries = tomllib.loads(text.removeprefix("\ufeff")).get(name, [])
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return _not_toml(error, path)
    if not isinstance(entries, list):
        return Problem(f"`{name}` is not a list of tables", Location(path))
    return list(zip(entries, _places(text, path, name, len(entries)), strict=True))


def _not_toml(error: Exception, path: str) -> Problem:
    found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    where = Location(path, int(found[1]), int(found[2])) if found else Location(path)
    return Problem(f"this is not TOML: {str(error).split(' (at')[0]}", where)


def _places(text: str, path: str, name: str, count: int) -> list[Location]:
    """The place of each entry; for entries of an inline list, that of the list."""
    quoted = rf"\s*[\"']?{name}[\"']?\s*"
    begin = re.compile(rf"\s*\[\[{quoted}\]\]|{quoted}=")
    lines = [n for n, line in enumerate(text.split("\n"), start=1) if begin.match(line)]
    if len(lines) != count:
        return [Location(path, lines[0] if lines else None)] * count
    return [Location(path, line) for line in lines]


def _parse_entry(entry: object, where: Location) -> RedirectRule | list[Problem]:
    if not isinstance(entry, Mapping):
        return [Problem("a redirect is not a table", where)]
    problems = list(_unknown_names(entry, where))
    try:
        raw = _raw_rule(entry, where)
    except WrongTypeError as error:
        return [*problems, Problem(str(error), where)]
    result = to_rule(raw)
    if isinstance(result, RedirectRule):
        return problems or result
    return [*problems, *result]


def _unknown_names(entry: Mapping[str, Any], where: Location) -> Iterator[Problem]:
    known = [name for names in NAMES.values() for name in names]
    for name in entry:
        if name not in known:
            yield Problem(f'a redirect has no "{name}"', where, did_you_mean(name, known))


def _raw_rule(entry: Mapping[str, Any], where: Location) -> RawRule:
    source = _field(entry, "from", str, None)
    if source is None:
        raise WrongTypeError('a redirect has no "from"')
    return RawRule(
        source=source,
        where=where,
        to=_field(entry, "to", str, None),
        status=_status(entry),
        force=_field(entry, "force", bool, False),
        query=_texts(entry, "query"),
        conditions=_conditions(_field(entry, "conditions", dict, {})),
        headers=_texts(entry, "headers"),
        signed=_field(entry, "signed", str, None),
    )


def _field(entry: Mapping[str, Any], name: str, kind: type, default: Any) -> Any:
    value = next((entry[alias] for alias in NAMES[name] if alias in entry), default)
    if value is not default and not isinstance(value, kind):
        kinds = {str: "a text", bool: "true or false", dict: "a table"}
        raise WrongTypeError(f'"{name}" is not {kinds[kind]}')
    return value


def _status(entry: Mapping[str, Any]) -> int | None:
    status = entry.get("status")
    if status is None:
        return None
    if isinstance(status, str) and re.fullmatch(r"[0-9]{1,9}", status):
        return int(status)
    if not isinstance(status, int) or isinstance(status, bool):
        raise WrongTypeError('"status" is not a whole number')
    return status


def _texts(entry: Mapping[str, Any], name: str) -> NameValuePairs:
    table = _field(entry, name, dict, {})
    for key, value in table.items():
        if isinstance(value, list | dict):
            raise WrongTypeError(f'"{key}" in "{name}" is not a text')
    return tuple((key, _text(value)) for key, value in table.items())


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _conditions(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(_condition_values(name, value)) for name, value in table.items()}


def _condition_values(name: str, value: object) -> list[str]:
    values = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
        raise WrongTypeError(f'the condition "{name}" is neither a text nor a list of texts')
    return values


def _lines(rule: RedirectRule) -> Iterator[str]:
    yield "[[redirects]]"
    yield f"from = {_quoted((rule.origin or '') + rule.from_path)}"
    if rule.query:
        yield f"query = {_inline(rule.query)}"
    yield f"to = {_quoted(rule.to)}"
    yield f"status = {rule.status}"
    yield f"force = {str(rule.force).lower()}"
    conditions = {name: getattr(rule.conditions, field) for name, field in CONDITION_FIELDS.items()}
    lists = ", ".join(f"{name} = {_list(values)}" for name, values in conditions.items() if values)
    if lists:
        yield f"conditions = {{ {lists} }}"
    if rule.headers:
        yield f"headers = {_inline(rule.headers)}"
    if rule.signed is not None:
        yield f"signed = {_quoted(rule.signed)}"


def _inline(pairs: NameValuePairs) -> str:
    return "{ " + ", ".join(f"{_quoted(k)} = {_quoted(v)}" for k, v in pairs) + " }"


def _list(values: Iterable[str]) -> str:
    return "[" + ", ".join(map(_quoted, values)) + "]"


def _quoted(text: str) -> str:
    """A basic string of TOML, which is a string of JSON except for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
