"""Loaders of `hooks.py`: what they ask for, what they return, and how they fail."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.runtime.caching import NEVER_STORED
from ssg.runtime.http import Request
from ssg.runtime.live.load_data import DataMissingError
from ssg.runtime.live.loader import MAX_STEPS, LoaderError, LoaderRequest, run_loader
from ssg.runtime.needs import Needs
from ssg.runtime.respond import respond
from tests.live_site import LiveSite

CONFIG = """
theme = ""
base_url = "https://example.org/"
[sources.posts]
url = "https://api.example.org"
[sources.users]
url = "https://users.example.org"
[sources.db]
kind = "sql"
url = "sqlite:///blog.db"
"""
ROUTE = """
[[routes]]
path = "/NAME/{user}/{slug}/"
template = "post.html"
loader = "NAME"
page = { title = "post.title" }
tags = ["user:{user}"]
"""
HOOKS = """\
def setup(hooks):
    @hooks.loader
    def post(request):
        post = yield request.ask("posts", path="/posts/{user}/{slug}")
        author, more = yield [
            request.ask("users", path="/u/{id}?l={language}", id=post["author"]),
            request.ask("posts", path="/more?user={user}", optional=True),
        ]
        return {"post": post, "author": author, "more": more, "path": request.path}

    @hooks.loader
    def nothing(request):
        return None

    @hooks.loader
    def plain(request):
        return {"post": {"title": request.params["slug"]}, "author": 1, "more": 2, "path": 3}

    @hooks.loader
    def sql(request):
        row = yield request.ask("db", query="post", one=True, year=2026)
        rows = yield request.ask("db", query="more", optional=True)
        return {"post": row, "author": "", "more": rows, "path": ""}

    @hooks.loader
    def raises(request):
        post = yield request.ask("posts", path="/posts/{user}/{slug}")
        return {"post": post["none"]}

    @hooks.loader
    def endless(request):
        while True:
            yield request.ask("posts", path="/posts/{user}/{slug}")

    @hooks.loader
    def always_new(request):
        count = 0
        while True:
            count += 1
            yield request.ask("posts", path="/{n}", n=count)

    @hooks.loader
    def wrong_thing(request):
        yield "posts"

    @hooks.loader
    def no_source(request):
        yield request.ask("post", path="/a")

    @hooks.loader
    def no_value(request):
        yield request.ask("posts", path="/{other}")

    @hooks.loader
    def no_path(request):
        yield request.ask("posts", query="post")

    @hooks.loader
    def other_host(request):
        yield request.ask("posts", path="//evil.example.org/")

    @hooks.loader
    def no_scalar(request):
        yield request.ask("posts", path="/{a}", a=["x"])

    @hooks.loader
    def too_many(request):
        yield [request.ask("posts", path="/{n}", n=n) for n in range(1000)]

    @hooks.loader
    def a_list(request):
        return [1]

    @hooks.loader
    def reserved(request):
        return {"page": 1}

    @hooks.loader
    def catches(request):
        try:
            post = yield request.ask("posts", path="/posts/{user}/{slug}")
        except Exception:
            post = {"title": "caught"}
        return {"post": post, "author": "", "more": "", "path": ""}
"""
NAMES = (
    "post", "nothing", "plain", "sql", "raises", "endless", "always_new", "wrong_thing",
    "no_source", "no_value", "no_path", "other_host", "no_scalar", "too_many", "a_list", "reserved",
    "catches",
)  # fmt: skip
FILES = {
    "ssg.toml": CONFIG + "".join(ROUTE.replace("NAME", name) for name in NAMES),
    "hooks.py": HOOKS,
    "queries/post.sql": "SELECT :user, :slug, :year",
    "queries/more.sql": "SELECT :user",
    "content/_index.md": "",
    "templates/section.html": "",
    "templates/page.html": "",
    "templates/404.html": "nothing",
    "templates/post.html": "{{ page.title }}|{{ author | tojson }}|{{ more | tojson }}|{{ path }}",
}


@pytest.fixture(autouse=True)
def _clean_modules() -> Iterator[None]:
    yield
    sys.modules.pop("hooks", None)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> LiveSite:
    return LiveSite.make(tmp_path_factory.mktemp("site"), FILES)


ANSWERS: Mapping[str, Any] = {
    "/posts/ana/x": {"title": "X", "author": 7},
    "/u/7?l=en": {"name": "Ana"},
    "/more?user=ana": [1, 2],
}


def test_a_loader_asks_in_rounds(live: LiveSite) -> None:
    found = live.get("/post/ana/x/", ANSWERS)
    assert found.body == b'X|{"name": "Ana"}|[1, 2]|/post/ana/x/'
    assert {"user:ana", "source:posts", "source:users"} < {*found.caching.tags}
    assert "source:db" not in found.caching.tags


def test_a_round_has_all_that_a_loader_yields(live: LiveSite) -> None:
    request = Request("GET", "/post/ana/x/")
    first = respond(live.renderer, request)
    assert first == Needs(requests=(DataRequest("posts", "/posts/ana/x"),))
    brought = {DataRequest("posts", "/posts/ana/x"): DataAnswer(200, b'{"author": "a/b?"}')}
    assert respond(live.renderer, request, brought) == Needs(
        requests=(
            DataRequest("users", "/u/a%2Fb%3F?l=en"),
            DataRequest("posts", "/more?user=ana"),
        )
    )


def test_what_is_optional_may_be_absent(live: LiveSite) -> None:
    answers = {key: value for key, value in ANSWERS.items() if "more" not in key}
    assert live.get("/post/ana/x/", answers).body == b'X|{"name": "Ana"}|null|/post/ana/x/'


@pytest.mark.parametrize("lacking", ["/posts/ana/x", "/u/7?l=en"])
def test_without_what_is_required_there_is_no_page(live: LiveSite, lacking: str) -> None:
    answers = {key: value for key, value in ANSWERS.items() if key != lacking}
    found = live.get("/post/ana/x/", answers)
    assert (found.status, found.caching.fresh_seconds) == (404, 60)
    assert {"user:ana", "source:posts"} < {*found.caching.tags}


def test_a_failing_source_fails_the_page_even_if_the_loader_catches(live: LiveSite) -> None:
    for name in ("post", "catches"):
        found = live.get(f"/{name}/ana/x/", {"/posts/ana/x": DataAnswer(503)})
        assert found.failure
        assert "posts answered 503" in found.failure.message


def test_a_loader_may_say_that_there_is_no_page(live: LiveSite) -> None:
    assert live.get("/nothing/ana/x/", {}).status == 404


def test_a_loader_may_be_a_plain_function(live: LiveSite) -> None:
    assert live.get("/plain/ana/x/", {}).body == b"x|1|2|3"


def test_a_query_gets_all_values(live: LiveSite) -> None:
    needs = respond(live.renderer, Request("GET", "/sql/ana/x/"))
    assert isinstance(needs, Needs)
    (request,) = needs.requests
    assert (request.source, request.query, request.path) == ("db", "post", "")
    assert dict(request.values) == {
        "user": "ana", "slug": "x", "language": "en", "number": 1, "cursor": "", "limit": 0,
        "offset": 0, "year": 2026,
    }  # fmt: skip
    found = live.get("/sql/ana/x/", {"post": [{"title": "Row"}], "more": []})
    assert found.body == b'Row|""|[]|'


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("raises", "KeyError: 'none'"),
        ("wrong_thing", "TypeError: a loader yields request.ask(...), or a list of them"),
        ("no_source", 'LookupError: there is no source "post". Did you mean "posts"?'),
        ("no_value", 'LookupError: nothing gives the placeholder "other" of the path'),
        ("no_path", 'TypeError: the source "posts" is asked with path="..."'),
        ("other_host", "ValueError: a path begins with one slash"),
        ("no_scalar", 'TypeError: "a" is not a text or a number: list'),
        ("too_many", "ValueError: a loader asks for at most 100 things at once"),
        ("endless", f"it asks for data more than {MAX_STEPS} times"),
        ("a_list", "it returns list, not a dict of data by name"),
        ("reserved", "'page' cannot be the name of data in a template"),
    ],
)
def test_a_failure_names_the_line(live: LiveSite, name: str, message: str) -> None:
    found = live.get(f"/{name}/ana/x/", ANSWERS)
    assert found.status == 500
    assert found.failure
    assert message in found.failure.message
    assert found.failure.message.startswith(f'the loader "{name}" failed')
    assert found.failure.template == "hooks.py"
    line = HOOKS.splitlines()[(found.failure.line or 0) - 1]
    assert line.strip().startswith(("yield", "return {", "@hooks", "post =", "def"))
    body = HOOKS[HOOKS.index(f"def {name}(") :].partition("\n\n")[0]
    assert line in body or line.strip() == "@hooks.loader"


def test_a_loader_that_always_needs_more_ends(live: LiveSite) -> None:
    found = live.get("/always_new/ana/x/", {f"/{n}": n for n in range(1, 1000)})
    assert found.status == 500
    assert found.failure
    assert "more than 32 rounds" in found.failure.message


@pytest.mark.parametrize("value", ['{"extra": {"a": {1, 2}}}', r'{"moved_to": "/\ud800/"}'])
def test_what_no_json_can_say_is_a_failure(tmp_path: Path, value: str) -> None:
    keys = 'redirect = "post.moved_to"\npage = { extra = "post.extra" }'
    route = ROUTE.replace('page = { title = "post.title" }', keys)
    hooks = f"""def setup(hooks):
    @hooks.loader
    def NAME(request):
        return {{"post": {value}}}
"""
    live = LiveSite.make(tmp_path, {**FILES, "ssg.toml": CONFIG + route, "hooks.py": hooks})
    found = live.get("/NAME/ana/x/", {})
    assert (found.status, found.caching) == (500, NEVER_STORED)
    assert found.failure
    assert found.failure.message.startswith("/NAME/{user}/{slug}/: the data cannot be written")


def test_an_unknown_loader_is_an_error_of_the_build(problems: Callable[..., list[str]]) -> None:
    config = CONFIG + ROUTE.replace("NAME", "pots")
    files = {key: text for key, text in FILES.items() if key != "ssg.toml"}
    (line,) = problems({**files, "ssg.toml": config}, target="server")
    assert line == 'ssg.toml:15:1: there is no loader "pots". Did you mean "post"?'
    hint = "Register it in hooks.py: @hooks.loader"
    (line,) = problems(
        {**files, "ssg.toml": config, "hooks.py": "def setup(hooks):\n    pass\n"}, target="server"
    )
    assert line == f'ssg.toml:15:1: there is no loader "pots". {hint}'


def test_hooks_that_cannot_be_loaded_are_told_alone(problems: Callable[..., list[str]]) -> None:
    files = {**FILES, "ssg.toml": CONFIG + ROUTE.replace("NAME", "post"), "hooks.py": "x ="}
    assert problems(files, target="server") == ["hooks.py:1: not valid Python: invalid syntax"]


# -- any loader --------------------------------------------------------------------------------

steps = st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=4), max_size=6)


@given(steps, st.sets(st.integers(0, 9)))
def test_any_loader_gets_the_same_answers_in_any_number_of_rounds(
    live: LiveSite, wanted: list[list[int]], known: set[int]
) -> None:
    """It starts anew in each round, so it is sent the same as if all had been there at once."""

    def loader(request: LoaderRequest) -> Iterator[Any]:
        got = []
        for numbers in wanted:
            got += [(yield [request.ask("posts", "/{n}", n=number) for number in numbers])]
        return {"got": got}

    settings = live.renderer.site.settings
    request = LoaderRequest("/", {}, "en", sources=settings.sources)
    brought = {_request(number): _answer(number) for number in known}
    for _ in range(len(wanted) + 1):
        found = run_loader(loader, request, settings, brought)  # type: ignore[arg-type]
        if not isinstance(found, Needs):
            break
        assert not brought.keys() & {*found.requests}
        brought |= {one: _answer(int(one.path[1:])) for one in found.requests}
    assert found == {"got": [[number + 1 for number in numbers] for numbers in wanted]}


def _request(number: int) -> DataRequest:
    return DataRequest("posts", f"/{number}")


def _answer(number: int) -> DataAnswer:
    return DataAnswer(200, str(number + 1).encode())


def test_a_loader_ends_when_it_needs_something(live: LiveSite) -> None:
    """What it has open is closed, though it is not run to its end."""
    closed = []

    def loader(request: LoaderRequest) -> Iterator[Any]:
        try:
            yield request.ask("posts", "/1")
        finally:
            closed.append(1)

    settings = live.renderer.site.settings
    run_loader(loader, LoaderRequest("/", {}, "en", sources=settings.sources), settings, {})
    assert closed == [1]


def test_a_refresh_and_a_draft_are_told(live: LiveSite) -> None:
    seen: list[LoaderRequest] = []
    settings = live.renderer.site.settings
    found = live.renderer.routes.find("/plain/ana/x/")
    assert found
    request = LoaderRequest.of(found, Request("GET", "/", is_refresh=True, is_draft=True), settings)
    with pytest.raises(DataMissingError):
        run_loader(seen.append, request, settings, {})
    assert (seen[0].is_refresh, seen[0].is_draft, seen[0].params["user"]) == (True, True, "ana")

    def loader(request: LoaderRequest) -> Iterator[Any]:
        yield request.ask("posts", "/1")

    needs = run_loader(loader, request, settings, {})
    assert isinstance(needs, Needs)
    assert needs.requests[0].is_draft


def test_an_exception_outside_of_the_files_of_the_site(live: LiveSite) -> None:
    settings = live.renderer.site.settings
    request = LoaderRequest("/", {}, "en")
    with pytest.raises(LoaderError, match="ZeroDivisionError"):
        run_loader(lambda _: 1 / 0, request, settings, {})
