"""`[runtime]` and `[sources.NAME]`: the environment that pages see, and where data comes from."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

from ssg.config.table import Table
from ssg.model.errors import did_you_mean
from ssg.model.live.data_source import (
    DEFAULT_MAX_BYTES,
    DEFAULT_TIMEOUT_SECONDS,
    RESERVED_HEADERS,
    DataSource,
    SourceKind,
)
from ssg.model.live.variables import VARIABLE_NAME, variables_in

SOURCE_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_WITHOUT_BRACES = re.compile(r"\$([A-Z][A-Z0-9_]+)\b")
_KINDS = tuple(map(str, SourceKind))
_HTTP_SCHEMES = frozenset({"http", "https"})
_SQL_SCHEMES = frozenset({"postgresql", "postgres", "sqlite"})


def read_runtime(table: Table) -> tuple[tuple[str, ...], bool]:
    """`[runtime]`: the environment variables that templates may show, and whether drafts are on."""
    drafts = table.boolean("drafts", False)
    names = tuple(dict.fromkeys(table.texts("env")))
    for name in names:
        if not VARIABLE_NAME.fullmatch(name):
            table.problem("env", f'"{name}" is not the name of an environment variable')
    table.refuse_unread()
    return tuple(name for name in names if VARIABLE_NAME.fullmatch(name)), drafts


def read_sources(table: Table, env: Collection[str]) -> dict[str, DataSource]:
    """`[sources]`: sources of data by name."""
    found = {}
    for name in table.keys():  # noqa: SIM118 a Table is no dictionary
        if not SOURCE_NAME.fullmatch(name):
            hint = "Use small letters, digits, - and _"
            table.problem(name, f'"{name}" cannot be the name of a source', hint)
        found[name] = _source(table.table(name), name, env)
    return found


def _source(table: Table, name: str, env: Collection[str]) -> DataSource:
    source = DataSource(
        name=name,
        kind=table.choice(
            "kind", SourceKind.HTTP, tuple(SourceKind), 'unknown kind of source "{}"'
        ),
        url=table.text("url"),
        headers=_headers(table.table("headers")),
        timeout_seconds=_timeout(table),
        max_bytes=table.whole("max_bytes", DEFAULT_MAX_BYTES, 1),
        trusted=table.boolean("trusted", False),
        schema=table.text("schema"),
    )
    table.refuse_unread()
    _check_variables(table, source)
    _check_url(table, source, env)
    if source.kind == SourceKind.SQL and source.headers:
        table.table("headers").problem(next(iter(source.headers)), "a source of SQL has no headers")
    return source


def _timeout(table: Table) -> int:
    seconds = table.seconds("timeout", 1)
    return DEFAULT_TIMEOUT_SECONDS if seconds is None else seconds


def _headers(table: Table) -> dict[str, str]:
    found = {name: table.text(name) for name in table.keys()}  # noqa: SIM118 no dictionary
    for name in found:
        if not _HEADER.fullmatch(name):
            table.problem(name, f'"{name}" is not the name of a header')
        if name.lower() in RESERVED_HEADERS:
            table.problem(name, f'the header "{name}" is set by ssg itself')
    return found


def _check_variables(table: Table, source: DataSource) -> None:
    """Check the names of variables, and that headers have values."""
    headers = table.table("headers")
    texts = [(table, "url", source.url), *((headers, *one) for one in source.headers.items())]
    for place, key, text in texts:
        for name in variables_in(text):
            if not VARIABLE_NAME.fullmatch(name):
                hint = "Write ${NAME}"
                place.problem(key, f'"${{{name}}}" is not an environment variable', hint)
        for name in _WITHOUT_BRACES.findall(text):
            place.problem(key, f'"${name}" is not an environment variable', f"Write ${{{name}}}")
        if "\n" in text or "\r" in text:
            place.problem(key, "the value has more than one line")


def _check_url(table: Table, source: DataSource, env: Collection[str]) -> None:
    """Check what can be known of a URL before its variables are."""
    if not source.url:
        hint = 'Write url = "https://api.example.org" or url = "${API_URL}"'
        table.problem("url", f'the source "{source.name}" has no "url"', hint)
        return
    named = filter(VARIABLE_NAME.fullmatch, variables_in(source.url))
    unknown = [name for name in named if name not in env]
    if source.kind == SourceKind.HTTP:
        for name in unknown:
            hint = did_you_mean(name, env) or f'Add it: env = ["{name}"] in [runtime]'
            table.problem("url", f'the variable "{name}" is not in "env" of [runtime]', hint)
    if "$" in source.url:
        return
    known = _SQL_SCHEMES if source.kind == SourceKind.SQL else _HTTP_SCHEMES
    try:
        parts = urlsplit(source.url)
        is_url = parts.scheme in known and parts.port != 0
    except ValueError:
        is_url = False
    if not is_url:
        hint = f"It begins with {' or '.join(f'{one}:' for one in sorted(known))}"
        table.problem("url", f'"{source.url}" is not the URL of such a source', hint)
    elif source.kind == SourceKind.HTTP:
        _check_http_url(table, parts)


def _check_http_url(table: Table, parts: SplitResult) -> None:
    """Check that paths of requests can be added to a URL."""
    mistakes = (
        (not parts.hostname, "the URL has no host", None),
        (not parts.geturl().isascii(), "the URL is not ASCII", "Names of hosts begin with xn--"),
        ("@" in parts.netloc, "the URL has a user", "Write the header Authorization instead"),
        (parts.query or parts.fragment, "the URL has a query", "Write it in paths of requests"),
    )
    for is_made, message, hint in mistakes:
        if is_made:
            table.problem("url", message, hint)
