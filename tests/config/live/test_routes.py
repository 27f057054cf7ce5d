"""Mistakes in routes and sources, each with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssg.config.load import load
from ssg.model.errors import ConfigError
from ssg.model.settings import SiteSettings
from tests.conftest import write

SOURCES = """
[runtime]
env = ["API_URL"]
[sources.api]
url = "${API_URL}"
[sources.db]
kind = "sql"
url = "${DATABASE_URL}"
"""
ROUTE = """
[[routes]]
path = "/{user}/{slug}/"
template = "post.html"
data.post = { source = "api", path = "/posts/{user}/{slug}" }
"""


def _site(root: Path, text: str) -> SiteSettings:
    write(root, {"ssg.toml": text})
    return load(root, environment={}).settings.site


def _problems(root: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        _site(root, text)
    return [str(problem) for problem in caught.value.problems]


def test_a_route_of_two_languages_is_two_routes_of_one_table(tmp_path: Path) -> None:
    languages = '[languages.en]\n[languages.fr]\npath = "fr"\n'
    other = ROUTE.replace("/{user}/{slug}/", "/posts/{slug}/", 1).replace("{user}/", "")
    text = SOURCES + ROUTE + 'languages = ["en", "fr"]\n' + other + languages
    routes = _site(tmp_path, text).routes
    assert [(one.number, one.table, one.path, one.language) for one in routes] == [
        (1, 0, "/{user}/{slug}/", ""),
        (2, 0, "/fr/{user}/{slug}/", "fr"),
        (3, 1, "/posts/{slug}/", ""),
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # paths
        ('path = "{a}/"', '15:1: the path "{a}/" does not begin with a slash. Write /{a}/'),
        ('path = "/{a}"', '15:1: the path "/{a}" does not end in a slash. Write /{a}/'),
        ('path = "/{a}/{a}/"', '15:1: the path "/{a}/{a}/" has the placeholder "a" twice'),
        ('path = "/{a}{b}/"', '15:1: two placeholders of "/{a}{b}/" touch each other. Put '
         "something between them"),
        ('path = "/{A}/"', '15:1: "A" cannot be the name of a placeholder. Use small letters, '
         "digits and _"),
        ('path = "/{{ a }}/"', '15:1: " a " cannot be the name of a placeholder. Write {a}'),
        ('path = "/_ssg/{a}/"', "15:1: /_ssg/ is a reserved folder: ssg answers there"),
        ('path = "/{page}/"', '15:1: "page" is a reserved name. Give the placeholder another '
         "name"),
        ('path = "/{a/"', '15:1: the path "/{a/" has a brace without its other. A placeholder is '
         "{name}"),
        ('path = "/{a}/../"', '15:1: the path "/{a}/../" leaves the publish folder'),
        ('where.b = "x"', '17:1: the path has no placeholder "b"'),
        ('where.a = "("', '17:1: "(" is not a regular expression: missing ), unterminated '
         "subpattern at position 0"),
        ('except.b = "x"', '17:1: the path has no placeholder "b"'),
        # requests
        ('data.x = { source = "apis", path = "/x" }', '17:1: unknown source "apis". Did you mean '
         '"api"?'),
        ('data.x = { source = "api", path = "/{b}" }', '17:1: the path has no placeholder "b". '
         "There are a, cursor, language, limit, number, offset"),
        ('data.x = { source = "api", path = "//evil.example/" }', '17:1: "//evil.example/" does '
         "not begin with one slash"),
        ('data.x = { source = "api", path = "x" }', '17:1: "x" does not begin with one slash'),
        ('data.x = { source = "api" }', '17:1: the source "api" needs "path"'),
        ('data.x = { source = "api", query = "x" }', '17:1: the source "api" is asked with '
         '"path". Its kind is "http"'),
        ('data.x = { source = "db", path = "/x" }', '17:1: the source "db" is asked with '
         '"query". Its kind is "sql"'),
        ('data.x = { path = "/x" }', '17:1: a request needs "source". It is the NAME of '
         "[sources.NAME]"),
        ('data.site = { source = "api", path = "/x" }', '17:1: "site" is a reserved name. Give '
         "the data another name"),
        ('data.a = { source = "api", path = "/x" }', '17:1: "a" is a placeholder of the path and '
         "the name of data"),
        ('data.A-b = { source = "api", path = "/x" }', '17:1: "A-b" cannot be a name in '
         "templates. Use a_name like this"),
        ('loader = "x"\ndata.x = { source = "api", path = "/x" }', '17:1: a route has "data" or '
         'a "loader", not both'),
        # pages
        ('page = { title = "post.title" }', '17:1: the route has no data "post". There is only a'),
        ('page = { title = "post" }', '17:1: the route has no data "post". There is only a'),
        ('page = { title = "post_x.Name" }', '17:1: the route has no data "post_x". There is '
         "only a"),
        ('page = { body = "All products" }', '17:1: the route has no data "All products". There '
         "is only a"),
        ('page = { titel = "a" }', '17:1: unknown key "titel". Did you mean "title"?'),
        ('redirect = "/x/"', '17:1: "/x/" is a path. It is a place in the data, such as '
         '"post.moved_to"|17:1: the route has no data "/x/". There is only a'),
        ('canonical = "{a}/"', '17:1: "{a}/" does not begin with a slash. Write /{a}/'),
        ('canonical = "/{post.a}/"', '17:1: the route has no data "post". There is only a'),
        ('tags = ["x:{b}"]', '17:1: the path has no placeholder "b". There is only a'),
        ('tags = ["page:{a}"]', '17:1: the cache tag "page:{a}" is one of those that ssg makes '
         "itself"),
        ("ttl = -1", '17:1: "ttl" is -1, but must be at least 1'),
        ('ttl = "soon"', '17:1: "ttl" is not a span of time: "soon". Write a number of seconds, '
         "or one with s, m, h, d or w: 90, 15m, 1h"),
        ('languages = ["fr"]', '17:1: "fr" is not a language of this site. Add [languages.fr]'),
        ("tll = 60", '17:1: unknown key "tll". Did you mean "ttl"?'),
        # lists
        ('list = { path = "/x/" }', '17:1: a list needs "items"'),
        ('list = { items = "a" }', '17:1: a list needs "path"'),
        ('list = { items = "b", path = "/x/" }', '17:1: the route has no data "b". There '
         "is only a"),
        ('list = { items = "a", path = "x/" }', '17:1: "x/" does not begin with a slash. Write '
         "/x/"),
        ('list = { items = "a", path = "/{b}/" }', '17:1: the path has no placeholder "b". There '
         "are a, item"),
        ('data.x = { source = "api", path = "/x" }\n'
         'list = { items = "x.i", path = "/x/", paginate_by = 5 }', "18:1: nothing says how many "
         'parts there are. Add "total", where the data has the number of items, or "next", a '
         "cursor|18:1: each part of the list asks for the same data. Write {number} or {offset} "
         "into the path of its data"),
        ('data.x = { source = "api", path = "/x?n={number}" }\n'
         'list = { items = "x.i", path = "/x/", paginate_by = 5, next = "x.next" }', "18:1: each "
         "part of the list asks for the same data. Write {cursor} into the path of its data"),
        ('data.x = { source = "api", path = "/x?n={cursor}" }\nlist = { items = "x.i", path = '
         '"/x/", paginate_by = 5, next = "x.n", total = "x.t" }', '18:1: a list has "total" or '
         '"next", not both'),
        # known paths
        ('paths = { source = "api", path = "/x" }', '17:1: "params" does not say where "a" is'),
        ('paths = { source = "api", path = "/x", params = { a = "a", b = "b" } }', '17:1: the '
         'path has no placeholder "b"'),
        ('paths = { source = "api", path = "/{a}", params = { a = "a" } }', '17:1: the path has '
         'no placeholder "a". There are cursor, language, number'),
        ('paths = { source = "api", path = "/x", params = { a = "a" }, critical = -1 }', '17:1: '
         '"critical" is -1, but must be at least 0'),
        ("critical = true", '17:1: the path has placeholders. Name the pages that a build should '
         'know: "paths"'),
        ('path = "/a/"\ncritical = true\npaths = { source = "api", path = "/x" }', '16:1: a '
         'route has "critical" or "paths", not both'),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_route(tmp_path: Path, lines: str, expected: str) -> None:
    path = "" if lines.startswith("path =") else 'path = "/{a}/"\n'
    before = SOURCES.strip() + "\n" * 7 + "[[routes]]\n"
    text = before + (path + 'template = "x.html"\n' if path else "") + lines
    text += "" if path else '\ntemplate = "x.html"\n'
    assert _problems(tmp_path, text) == [f"ssg.toml:{one}" for one in expected.split("|")]


def test_an_expression_that_visitors_can_make_slow_is_refused(tmp_path: Path) -> None:
    (problem,) = _problems(tmp_path, f'{SOURCES}{ROUTE}where = {{ user = "(x+)+" }}\n')
    assert problem.startswith('ssg.toml:14:1: "(x+)+" could take minutes for a path that a visitor')


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (
            "/{name}/{other}/",
            '14:1: "/{name}/{other}/" and "/{user}/{slug}/" (route 1) both match /a/a/. Exclude '
            'values of one of them: except = { name = ["..."] }',
        ),
        (
            "/about/{x}.html",
            "",
        ),
        (
            "/{x}/about/",
            "",
        ),
    ],
)
def test_two_routes_that_match_one_path(tmp_path: Path, other: str, expected: str) -> None:
    text = f'{SOURCES}{ROUTE}[[routes]]\npath = "{other}"\ntemplate = "x.html"\n'
    if expected:
        (problem,) = _problems(tmp_path, text)
        assert problem.partition(": ")[2] == expected.partition(": ")[2]
    else:
        assert len(_site(tmp_path, text).routes) == 2


def test_neither_of_two_routes_is_narrower(tmp_path: Path) -> None:
    texts = [
        f'[[routes]]\npath = "{path}"\ntemplate = "x.html"\n' for path in ("/a/{x}/", "/{y}/b/")
    ]
    assert _problems(tmp_path, "".join(texts)) == [
        'ssg.toml:5:1: "/{y}/b/" and "/a/{x}/" (route 1) both match /a/b/. Exclude values of one '
        'of them: except = { y = ["..."] }'
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("[sources.A]", '1:1: "A" cannot be the name of a source. Use small letters, digits, - '
         'and _|1:1: the source "A" has no "url". Write url = "https://api.example.org" or url = '
         '"${API_URL}"'),
        ('[sources.a]\nurl = "${URL}"', '2:1: the variable "URL" is not in "env" of [runtime]. '
         'Add it: env = ["URL"] in [runtime]'),
        ('[sources.a]\nurl = "${API URL}"', '2:1: "${API URL}" is not an environment variable. '
         "Write ${NAME}"),
        ('[sources.a]\nurl = "https://x"\nheaders.A = "${}"', '3:1: "${}" is not an environment '
         "variable. Write ${NAME}"),
        ('[sources.a]\nurl = "https://x"\nheaders.A = "a\\nb"', "3:1: the value has more than "
         "one line"),
        ('[sources.a]\nurl = "https://x"\nheaders."A B" = "x"', '3:1: "A B" is not the name of '
         "a header"),
        ('[sources.a]\nurl = "ftp://x"', '2:1: "ftp://x" is not the URL of such a source. It '
         "begins with http: or https:"),
        ('[sources.a]\nurl = "http://[x"', '2:1: "http://[x" is not the URL of such a source. It '
         "begins with http: or https:"),
        ('[sources.a]\nurl = "http://x:0"', '2:1: "http://x:0" is not the URL of such a source. It '
         "begins with http: or https:"),
        ('[sources.a]\nurl = "https:///x"', "2:1: the URL has no host"),
        ('[sources.a]\nurl = "https://ä.example"', "2:1: the URL is not ASCII. Names of hosts "
         "begin with xn--"),
        ('[sources.a]\nurl = "https://u:p@x/?a#b"', "2:1: the URL has a user. Write the header "
         "Authorization instead|2:1: the URL has a query. Write it in paths of requests"),
        ('[sources.a]\nkind = "sql"\nurl = "https://x"', '3:1: "https://x" is not the URL of '
         "such a source. It begins with postgres: or postgresql: or sqlite:"),
        ('[sources.a]\nkind = "sql"\nurl = "sqlite:///x"\nheaders.A = "b"', "4:1: a source of "
         "SQL has no headers"),
        ('[sources.a]\nkind = "htp"\nurl = "https://x"', '2:1: unknown kind of source "htp". Did '
         'you mean "http"?'),
        ('[sources.a]\nurl = "https://x"\ntimeout = 0', '3:1: "timeout" is 0, but must be at '
         "least 1"),
        ('[runtime]\nenv = ["A-B"]', '2:1: "A-B" is not the name of an environment variable'),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_source(tmp_path: Path, lines: str, expected: str) -> None:
    assert _problems(tmp_path, lines) == [f"ssg.toml:{one}" for one in expected.split("|")]


@pytest.mark.parametrize("text", ["Products", "All products", "Über uns", "2026", "a, b"])
def test_what_cannot_be_a_place_in_the_data_is_a_text(tmp_path: Path, text: str) -> None:
    route = f'[[routes]]\npath = "/products/"\ntemplate = "x.html"\npage.title = "{text}"\n'
    (made,) = _site(tmp_path, route).routes
    assert made.page == {"title": f"={text}"}
    assert made.pattern.match("/products/") == {}


def test_a_wrong_path_is_told_without_what_follows_from_it(tmp_path: Path) -> None:
    others = '[[routes]]\npath = "/{a}/{b}/"\ntemplate = "x.html"\n'
    text = SOURCES + others + ROUTE.replace('path = "/{user}', 'paht = "/{user}', 1)
    assert _problems(tmp_path, text) == [
        'ssg.toml:13:1: a route needs "path"',
        'ssg.toml:14:1: unknown key "paht". Did you mean "path"?',
    ]


@pytest.mark.parametrize("table", ["list", "paths", "page"])
def test_a_key_of_a_route_below_one_of_its_tables_is_told_where_to_be(
    tmp_path: Path, table: str
) -> None:
    parts = {
        "list": '[routes.list]\nitems = "post.x"\npath = "/{user}/"\n',
        "paths": '[routes.paths]\nsource = "api"\npath = "/x"\n'
        'params = { user = "u", slug = "s" }\n',
        "page": '[routes.page]\nbody = "post.text"\n',
    }
    text = (SOURCES + ROUTE).strip() + "\n" + parts[table] + 'data.b = { source = "api" }\n'
    hint = f"Write it above the tables of this route, such as [routes.{table}]"
    place = f"ssg.toml:{text.count(chr(10))}:1"
    assert _problems(tmp_path, text) == [f'{place}: unknown key "data". {hint}']


@pytest.mark.parametrize("path", ["/:a/", "/<a>/", "/*/"])
def test_a_placeholder_of_another_router_is_told_how_to_be(tmp_path: Path, path: str) -> None:
    text = f'[[routes]]\npath = "{path}"\ntemplate = "x.html"\n'
    (problem,) = _problems(tmp_path, text)
    assert problem.startswith(f'ssg.toml:2:1: the path "{path}" contains')
    assert problem.endswith("A placeholder is {name}")


@pytest.mark.parametrize("key", ["url", "headers.Authorization"])
def test_a_variable_without_braces_is_told(tmp_path: Path, key: str) -> None:
    url = "" if key == "url" else 'url = "https://api.example.org"\n'
    text = f'[runtime]\nenv = ["API_URL"]\n[sources.api]\n{url}{key} = "$API_URL"\n'
    place = f"ssg.toml:{text.count(chr(10))}:1"
    hint = "Write ${API_URL}"
    assert _problems(tmp_path, text) == [
        f'{place}: "$API_URL" is not an environment variable. {hint}'
    ]
