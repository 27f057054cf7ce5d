"""`[[routes]]`: the patterns of live pages."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from ssg.config.cache_options import read_ttl_and_stale
from ssg.config.live.placeholder_values import (
    PlaceholderValues,
    check_common_values,
    read_common_values,
)
from ssg.config.live.placeholders import (
    assumed_path,
    check_place,
    check_placeholder,
    check_tags,
    check_values,
    read_path,
)
from ssg.config.table import Table
from ssg.model.errors import did_you_mean
from ssg.model.live.data_source import DataSource, SourceKind
from ssg.model.live.route import (
    BUILTIN_VALUES,
    CURSOR,
    ONLY_PATH,
    PAGE_FIELDS,
    PAGER_NUMBER,
    RESERVED_NAMES,
    TEXT_FIELDS,
    TEXT_MARK,
    Route,
    RouteData,
    RouteList,
    RoutePaths,
    is_text,
)
from ssg.model.live.route_pattern import PLACEHOLDER, RoutePattern
from ssg.model.settings import SiteSettings

_ROUTE_KEYS = frozenset({
    "path", "template", "where", "except", "data", "loader", "page", "canonical", "redirect", "ttl",
    "stale", "tags", "list", "paths", "critical", "languages",
})  # fmt: skip
_DATA_NAME = re.compile(r"[a-z_][a-z0-9_]*")


def read_routes(table: Table, site: SiteSettings) -> tuple[Route, ...]:
    """The routes of a site, one for each language of each table."""
    routes: list[Route] = []
    placeholders = table.table("placeholders")
    common = read_common_values(placeholders)
    for index, one in enumerate(table.tables("routes")):
        path = read_path(one)
        number = len(routes) + 1
        made = replace(_route(one, number, path or assumed_path(one), site, common), table=index)
        for route in _in_languages(made, one, site):
            routes.append(replace(route, number=len(routes) + 1))
            if path:
                _check_conflicts(one, routes)
    check_common_values(placeholders, {name for one in routes for name in one.pattern.names})
    return tuple(routes)


def _route(
    table: Table, number: int, path: str, site: SiteSettings, common: PlaceholderValues
) -> Route:
    pattern = RoutePattern(path)
    names = frozenset(pattern.names)
    for name in sorted(names & RESERVED_NAMES):
        table.problem("path", f'"{name}" is a reserved name', "Give the placeholder another name")
    data = tuple(_data(one, name, names, site) for name, one in _tables(table, "data"))
    values = common.of_route(table, names)
    route = Route(
        number,
        path,
        template=_required(table, "template"),
        where=values.where,
        excluded=values.excluded,
        data=data,
        loader=table.text("loader"),
        page=_with_texts(_page(table.table("page"), site)),
        canonical=table.text("canonical"),
        redirect=table.text("redirect"),
        tags=tuple(dict.fromkeys(table.texts("tags"))),
        list=_list(table, names, site),
        paths=_only_path(table, names, _paths(table, names, site)),
        **read_ttl_and_stale(table),
    )
    _check_route(table, route, names)
    return route


def _check_route(table: Table, route: Route, names: frozenset[str]) -> None:
    """Check what the parts of a route say of each other."""
    is_open = bool(route.loader)
    if route.data and route.loader:
        table.problem("loader", 'a route has "data" or a "loader", not both')
    data = {one.name for one in route.data}
    for name in sorted(names & data):
        table.problem("data", f'"{name}" is a placeholder of the path and the name of data')
    known = names | {f"{name}." for name in data}
    check_tags(table, route.tags, known, is_open=is_open)
    check_values(table, "canonical", route.canonical, known, is_open=is_open)
    for key in ("canonical", "redirect"):
        _check_moved(table, key, getattr(route, key))
    check_place(table, "redirect", route.redirect, names | data, is_open=is_open)
    page = table.table("page")
    for key, place in route.page.items():
        if is_text(place) and key in TEXT_FIELDS:
            check_values(page, key, place, known, is_open=is_open)
        else:
            check_place(page, key, place, names | data, is_open=is_open)
    if route.list:
        _check_parts(table, route, route.list, names | data)


def _check_moved(table: Table, key: str, text: str) -> None:
    """`canonical` is a path with values, `redirect` a place in the data."""
    if key == "canonical" and text and not text.startswith("/"):
        table.problem(key, f'"{text}" does not begin with a slash', f"Write /{text}")
    if key == "redirect" and text.startswith("/"):
        hint = 'It is a place in the data, such as "post.moved_to"'
        table.problem(key, f'"{text}" is a path', hint)


def _check_parts(table: Table, route: Route, listed: RouteList, known: frozenset[str]) -> None:
    """Check the list of a route: where its data is, and that each part asks for other data."""
    below, is_open = table.table("list"), bool(route.loader)
    for key in ("items", "total", "next"):
        check_place(below, key, getattr(listed, key), known, is_open=is_open)
    if not listed.paginate_by:
        return
    if not route.path.endswith("/"):
        message = f'the list has parts, but the path "{route.path}" does not end in a slash'
        below.problem("paginate_by", message)
    wanted = {"cursor"} if listed.next else {"number", "offset"}
    asked = {name for one in route.data for name in PLACEHOLDER.findall(one.path)}
    if asked.isdisjoint(wanted) and not (is_open or any(one.query for one in route.data)):
        names = " or ".join(f"{{{name}}}" for name in sorted(wanted))
        hint = f"Write {names} into the path of its data"
        below.problem("paginate_by", "each part of the list asks for the same data", hint)


def _in_languages(route: Route, table: Table, site: SiteSettings) -> Iterator[Route]:
    """The route in each of its languages, below the home page of that language."""
    codes = table.texts("languages", [site.default_language])
    table.refuse_unread()
    known = tuple(code for code in codes if code in {site.default_language, *site.languages})
    for code in codes:
        if code != site.default_language and code not in site.languages:
            hint = did_you_mean(code, site.languages) or f"Add [languages.{code}]"
            table.problem("languages", f'"{code}" is not a language of this site', hint)
            continue
        own = "" if code == site.default_language else code
        home = site.in_language(own).home_path.rstrip("/")
        yield replace(
            route,
            path=home + route.path,
            canonical=home + route.canonical if route.canonical else "",
            list=replace(route.list, path=home + route.list.path) if route.list else None,
            language=own,
            languages=known,
        )


def _required(table: Table, key: str) -> str:
    text = table.text(key)
    if not text:
        table.problem(key, f'a route needs "{key}"')
    return text


def _tables(table: Table, key: str) -> list[tuple[str, Table]]:
    """The tables in a table, by name; those that are none are problems."""
    below = table.table(key)
    return [(name, below.table(name)) for name in below.keys()]  # noqa: SIM118 no dictionary


# -- requests ----------------------------------------------------------------------------------


def _data(table: Table, name: str, names: frozenset[str], site: SiteSettings) -> RouteData:
    if name in RESERVED_NAMES:
        table.problem("source", f'"{name}" is a reserved name', "Give the data another name")
    elif not _DATA_NAME.fullmatch(name):
        table.problem("source", f'"{name}" cannot be a name in templates', "Use a_name like this")
    asked = RouteData(
        name=name,
        one=table.boolean("one", False),
        optional=table.boolean("optional", False),
        schema=table.text("schema"),
        **_request(table, names | BUILTIN_VALUES, site),
    )
    table.refuse_unread()
    return asked


def _request(table: Table, known: Collection[str], site: SiteSettings | None) -> dict[str, str]:
    """`source` with `path` or `query`, as its kind needs. Without a site nothing is checked."""
    asked = {key: table.text(key) for key in ("source", "path", "query")}
    if site is None:
        return asked
    source = site.sources.get(asked["source"])
    if not asked["source"]:
        table.problem("source", 'a request needs "source"', "It is the NAME of [sources.NAME]")
    elif source is None:
        hint = did_you_mean(asked["source"], site.sources) or "Sources are tables: [sources.NAME]"
        table.problem("source", f'unknown source "{asked["source"]}"', hint)
    if source is None:
        return asked
    _check_kind(table, source, asked)
    check_values(table, "path", asked["path"], known)
    return asked


def _check_kind(table: Table, source: DataSource, asked: Mapping[str, str]) -> None:
    wanted, other = "path", "query"
    if source.kind == SourceKind.SQL:
        wanted, other = other, wanted
    if asked[other]:
        hint = f'Its kind is "{source.kind}"'
        table.problem(other, f'the source "{source.name}" is asked with "{wanted}"', hint)
    elif not asked[wanted]:
        table.problem("source", f'the source "{source.name}" needs "{wanted}"')
    elif wanted == "path" and not re.match(r"/(?!/)", asked["path"]):
        table.problem("path", f'"{asked["path"]}" does not begin with one slash')


# -- pages and lists ---------------------------------------------------------------------------


def _page(table: Table, site: SiteSettings) -> dict[str, str]:
    """`page`: where the data has what pages have."""
    known = (*PAGE_FIELDS, *site.taxonomies)
    found = {key: text for key in known if (text := table.text(key))}
    table.refuse_unread(_ROUTE_KEYS, "above the tables of this route, such as [routes.page]")
    return found


def _with_texts(places: Mapping[str, str]) -> dict[str, str]:
    """Mark what is a text, since no data can have such a name: `title = "All products"`."""
    return {
        key: TEXT_MARK + text if key in TEXT_FIELDS and _is_plain_text(text) else text
        for key, text in places.items()
    }


def _is_plain_text(text: str) -> bool:
    return not is_text(text) and not _DATA_NAME.fullmatch(text.partition(".")[0])


def _list(table: Table, names: frozenset[str], site: SiteSettings) -> RouteList | None:
    below = table.table("list")
    listed = RouteList(
        items=below.text("items"),
        path=below.text("path"),
        page=_page(below.table("page"), site),
        paginate_by=below.whole("paginate_by", 0),
        total=below.text("total"),
        next=below.text("next"),
    )
    below.refuse_unread(_ROUTE_KEYS, "above the tables of this route, such as [routes.list]")
    if "list" not in table:
        return None
    _check_list(below, listed, names)
    return listed


def _check_list(table: Table, listed: RouteList, names: frozenset[str]) -> None:
    for key in ("items", "path"):
        if key not in table:
            table.problem(key, f'a list needs "{key}"')
    check_values(table, "path", listed.path, names | {"item."})
    if listed.path and not listed.path.startswith("/"):
        hint = f"Write /{listed.path}"
        table.problem("path", f'"{listed.path}" does not begin with a slash', hint)
    if listed.paginate_by and not (listed.total or listed.next):
        hint = 'Add "total", where the data has the number of items, or "next", a cursor'
        table.problem("paginate_by", "nothing says how many parts there are", hint)
    if listed.total and listed.next:
        table.problem("next", 'a list has "total" or "next", not both')


def _paths(table: Table, names: frozenset[str], site: SiteSettings) -> RoutePaths | None:
    below = table.table("paths")
    params = below.table("params")
    critical = below.whole("critical", 0)
    known = {"language", CURSOR, PAGER_NUMBER}
    request = _request(below, known, site if "paths" in table else None)
    paths = RoutePaths(
        items=below.text("items"),
        params={name: params.text(name) for name in params.keys()},  # noqa: SIM118 no dictionary
        critical=critical if "critical" in below else None,
        updated=below.text("updated"),
        next=below.text("next"),
        **request,
    )
    below.refuse_unread(_ROUTE_KEYS, "above the tables of this route, such as [routes.paths]")
    if "paths" not in table:
        return None
    for name in paths.params:
        check_placeholder(params, name, names)
    for name in sorted(names - {*paths.params}):
        below.problem("params", f'"params" does not say where "{name}" is')
    return paths


def _only_path(table: Table, names: frozenset[str], paths: RoutePaths | None) -> RoutePaths | None:
    """`critical = true`: the path of a route without placeholders is known without asking."""
    if not table.boolean("critical", False):
        return paths
    if names:
        hint = 'Name the pages that a build should know: "paths"'
        table.problem("critical", "the path has placeholders", hint)
    if paths:
        table.problem("critical", 'a route has "critical" or "paths", not both')
    return ONLY_PATH


# -- routes together ---------------------------------------------------------------------------


def _check_conflicts(table: Table, routes: list[Route]) -> None:
    """Two routes of which none is narrower must not match the same path."""
    *others, route = routes
    for other in others:
        for one in route.patterns:
            for two in other.patterns:
                if (path := one.common_path(two)) and not _is_decided(one, two):
                    table.problem("path", *_conflict(one, two, other, path))
                    return


def _is_decided(one: RoutePattern, two: RoutePattern) -> bool:
    return one.is_narrower(two) or two.is_narrower(one)


def _conflict(one: RoutePattern, two: RoutePattern, other: Route, path: str) -> tuple[str, str]:
    message = f'"{one.text}" and "{two.text}" (route {other.number}) both match {path}'
    name = next(iter(one.names), "name")
    return message, f'Exclude values of one of them: except = {{ {name} = ["..."] }}'
