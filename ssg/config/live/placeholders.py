"""Checks the paths of routes, and the placeholders in other texts of a route."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable

from ssg.config.table import Table
from ssg.model.cache_options import as_cache_tag, cache_tag_problem
from ssg.model.errors import did_you_mean
from ssg.model.live.route import RESERVED_NAMES
from ssg.model.live.route_pattern import NAME, PLACEHOLDER
from ssg.model.urls import path_problem

_OTHER_PLACEHOLDER = re.compile(r"/[:*]|[<>]")
"""A placeholder as other routers write it."""
RESERVED_FOLDER = "_ssg"
"""No page has a path in this folder: `ssg` answers there."""


def read_path(table: Table) -> str:
    """The pattern of a route: a canonical path with placeholders; '' if it is wrong."""
    text = table.text("path")
    for message, advice in _problems(text, PLACEHOLDER.findall(text)):
        table.problem("path", message, advice)
        return ""
    return text


def assumed_path(table: Table) -> str:
    """A path with all placeholders that a route uses, to check a route of which it is wrong."""
    found = PLACEHOLDER.findall(table.all_text())
    names = (one for one in found if NAME.fullmatch(one) and one not in RESERVED_NAMES)
    return "/".join(["", *(f"{{{name}}}" for name in dict.fromkeys(names)), ""])


def _problems(text: str, names: list[str]) -> Iterable[tuple[str, str | None]]:
    hint: str | None
    plain = PLACEHOLDER.sub("x", text)
    if not text:
        yield 'a route needs "path"', None
    for name in names:
        if not NAME.fullmatch(name):
            is_padded = NAME.fullmatch(name.strip())
            hint = f"Write {{{name.strip()}}}" if is_padded else "Use small letters, digits and _"
            yield f'"{name}" cannot be the name of a placeholder', hint
    if not text.startswith("/"):
        yield f'the path "{text}" does not begin with a slash', f"Write /{text}"
    if "{" in plain or "}" in plain:
        yield f'the path "{text}" has a brace without its other', "A placeholder is {name}"
    if problem := path_problem(plain):
        hint = "A placeholder is {name}" if _OTHER_PLACEHOLDER.search(plain) else None
        yield f'the path "{text}" {problem}', hint
    if "//" in plain:
        yield f'the path "{text}" has an empty part', None
    for name, count in Counter(names).items():
        if count > 1:
            yield f'the path "{text}" has the placeholder "{name}" twice', None
    if "}{" in text:
        yield f'two placeholders of "{text}" touch each other', "Put something between them"
    if plain.startswith(f"/{RESERVED_FOLDER}/"):
        yield f"/{RESERVED_FOLDER}/ is a reserved folder: ssg answers there", None
    if not plain.endswith("/") and "." not in plain.rpartition("/")[2]:
        yield f'the path "{text}" does not end in a slash', f"Write {text}/"


def check_values(
    table: Table, key: str, text: str, known: Collection[str], *, is_open: bool = False
) -> None:
    """Check the placeholders of a text. A name with a dot at its end stands for those below it.

    With `is_open`, only a loader knows what there is.
    """
    for name in PLACEHOLDER.findall(text):
        first, dot, _ = name.partition(".")
        if name in known or (dot and (first + dot in known or is_open)):
            continue
        hint = _names_hint(first, [one.rstrip(".") for one in known])
        what = (
            f'the route has no data "{first}"' if dot else f'the path has no placeholder "{name}"'
        )
        table.problem(key, what, hint)


def _names_hint(name: str, known: Collection[str]) -> str:
    listed = f"There {'is only' if len(known) == 1 else 'are'} {', '.join(sorted(known))}"
    return did_you_mean(name, known) or (listed if known else "There is none")


def check_tags(table: Table, tags: Iterable[str], known: Collection[str], *, is_open: bool) -> None:
    """Check cache tags with placeholders."""
    for tag in tags:
        check_values(table, "tags", tag, known, is_open=is_open)
        if problem := cache_tag_problem(as_cache_tag(PLACEHOLDER.sub("x", tag))):
            table.problem("tags", f'the cache tag "{tag}" {problem}')


def check_place(
    table: Table, key: str, text: str, names: Collection[str], *, is_open: bool
) -> None:
    """Check that a place in the data, `post.title`, begins with a name that there is."""
    first = text.partition(".")[0]
    if text and first not in names and not is_open:
        table.problem(key, f'the route has no data "{first}"', _names_hint(first, names))


def check_placeholder(table: Table, name: str, names: Collection[str]) -> None:
    """Report a key that is not a placeholder of the path."""
    if name not in names:
        table.problem(name, f'the path has no placeholder "{name}"', did_you_mean(name, names))
