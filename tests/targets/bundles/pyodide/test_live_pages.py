"""Live pages of a function in Node: visitors who come together, data beside texts, and the log."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.stages import Silent
from ssg.config.load import load
from ssg.model.live.route import Route
from ssg.model.live.route_pattern import is_value
from ssg.model.settings import SiteSettings
from ssg.runtime.http import Request, Response
from ssg.targets.bundles.pyodide.bundle import LIBRARY_FOLDER
from ssg.targets.bundles.pyodide.live_files import ROUTES, live_files
from ssg.targets.netlify.function import function_folder, local_function, texts_folder
from tests.conftest import NOW, Built, write
from tests.json_api import JsonApi, json_api

pytestmark = pytest.mark.node

TOKEN = "canary-of-a-function-2b7"  # noqa: S105 it is looked for
CONFIG = """
theme = ""
[target]
texts = "publish"
[runtime]
env = ["API_URL", "SITE_NAME"]
[sources.api]
url = "${API_URL}"
headers = { Authorization = "Bearer ${API_TOKEN}" }
timeout = 1
[[deferred.rules]]
match = "**"
[[routes]]
path = "/posts/{user}/{slug}/"
template = "post.html"
data.post = { source = "api", path = "/posts/{user}/{slug}" }
data.more = { source = "api", path = "/posts?user={user}&limit=1", optional = true }
ttl = 60
[[routes]]
path = "/narrow/{name}/"
template = "meet.html"
where = { name = "[a-z]{2,8}|[0-9-]+" }
data.first = { source = "api", path = "/users/{name}" }
ttl = 60
[[routes]]
path = "/meet/{name}/"
template = "meet.html"
data.first = { source = "api", path = "/fault/meet/{name}-1" }
data.second = { source = "api", path = "/fault/meet/{name}-2" }
ttl = 60
[[routes]]
path = "/loaded/{slug}/"
template = "loaded.html"
loader = "post"
ttl = 60
[[routes]]
path = "/fault/{name}/"
template = "meet.html"
except = { name = ["never"] }
where = { name = "(?!x)[a-z]+" }
data.first = { source = "api", path = "/fault/{name}" }
ttl = 60
"""
FILES = {
    "ssg.toml": CONFIG,
    "templates/page.html": "{{ page.title }}",
    "templates/section.html": "",
    "templates/post.html": "{{ post.slug }} of {{ post.user }}: {{ get_page('about.md').content }}",
    "templates/meet.html": "{{ first.name }} {{ second.name if second is defined }}",
    "templates/loaded.html": "{{ post.slug }} {{ author.user }} {{ is_refresh }}",
    "hooks.py": """
def setup(hooks):
    @hooks.loader
    def post(request):
        post = yield request.ask("api", path="/posts/user1/{slug}")
        author = yield request.ask("api", path="/users/{name}", name=post["user"])
        return {"post": post, "author": author, "is_refresh": request.is_refresh}
""",
    "templates/404.html": "nothing here",
    "content/about.md": "Some *text*.\n",
}


class Visit:
    """Asks the function, and keeps its log."""

    def __init__(self, built: Built) -> None:
        folder = built.root / function_folder("ssg-pages")
        texts = texts_folder(built.report.output)
        self.lines: list[str] = []
        self.host = local_function(
            folder, texts=texts, log=self.lines.append, time_limit_seconds=30
        )

    def get(self, path: str, kind: str = "miss") -> Response:
        return self.host.answer(Request("GET", path), kind)

    def log(self) -> list[dict[str, Any]]:
        """What was logged; ends the process."""
        self.host.close()
        return [json.loads(line) for line in self.lines if line.startswith("{")]


@pytest.fixture(scope="module")
def api() -> Iterator[JsonApi]:
    with json_api(posts=60, users=3) as running:
        yield running


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = tmp_path_factory.mktemp("live")
    write(root, FILES)
    project = load(root, overrides={("target", "name"): "netlify"}, environment={})
    return Built(root, build(project, Layout.of(project), BuildOptions(NOW), Silent()))


@pytest.fixture
def visit(built: Built, api: JsonApi, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    values = {"API_URL": api.url, "API_TOKEN": TOKEN, "SITE_NAME": "Here"}
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    visit = Visit(built)
    yield visit
    visit.host.close()


def test_visitors_who_come_together_get_their_own_pages(visit: Visit, api: JsonApi) -> None:
    """Their requests take turns in one Python."""
    paths = [f"/posts/user{n % 3 + 1}/post{n + 1}/" for n in range(60)]
    with ThreadPoolExecutor(20) as threads:
        found = list(threads.map(lambda path: visit.get(path).body.decode(), paths))
    assert found == [
        f"post{n + 1} of user{n % 3 + 1}: <p>Some <em>text</em>.</p>\n" for n in range(60)
    ]


def test_all_data_of_a_page_is_asked_for_at_once(visit: Visit, api: JsonApi) -> None:
    """Each request is answered when both are there, of two pages at the same time."""
    api.meeting = type(api.meeting)(4)
    with ThreadPoolExecutor(2) as threads:
        found = threads.map(lambda path: visit.get(path).body, ["/meet/a/", "/meet/b/"])
        assert list(found) == [b"a-1 a-2", b"b-1 b-2"]


def test_a_loader_knows_that_the_builder_refreshes_a_page(visit: Visit) -> None:
    found = [visit.get("/loaded/post1/", kind).body for kind in ("miss", "revalidate")]
    assert found == [b"post1 user1 False", b"post1 user1 True"]
    assert [entry["kind"] for entry in visit.log()] == ["miss", "revalidate"]


def test_the_log_says_how_long_sources_took_and_no_secret(visit: Visit, api: JsonApi) -> None:
    api.forget()
    for path in ("/posts/user1/post1/", "/posts/user1/none/", "/fault/slow/", "/about/"):
        visit.get(path)
    page, missing, slow, deferred = visit.log()
    assert [(one["name"], one["status"]) for one in page["sources"]] == [("api", 200)] * 2
    assert [one["status"] for one in missing["sources"]] == [404, 200]
    assert slow["status"] == 500
    assert slow["error"]["message"] == "/fault/{name}/: api: no answer within 1 s"
    assert 900 < slow["sources"][0]["ms"] < 5000
    assert "sources" not in deferred
    assert {seen.headers["authorization"] for seen in api.seen} == {f"Bearer {TOKEN}"}
    assert TOKEN not in "".join(visit.lines)


PATHS_OF_NO_ROUTE = (
    *("/nothing/", "/posts/a/b/c/", "/fault/never/", "/posts/../x/"),
    *("/narrow/a/", "/narrow/UPPER/", "/narrow/favicon.ico", "/narrow/1a/"),
)


@pytest.mark.parametrize("path", PATHS_OF_NO_ROUTE)
def test_a_path_of_no_route_starts_no_python(visit: Visit, path: str) -> None:
    assert visit.get(path).status == 404
    assert visit.log()[0]["boot_ms"] == 0


EXPRESSIONS = (
    *("[a-z0-9-]{1,40}", "[^a-z]+", "a|b|cd", "(ab)*c?", "v[0-9]+", ".{3}", "[0-9]{4}-[0-9]{2}"),
    *("(?i)ab", r"\d+", r"\w", "[[]", "{", "a{x}", "(?=a)a", "[a-z&&b]", r"x\.y"),
)
VALUES = (
    "a",
    "ab",
    "abc",
    "cd",
    "",
    "v12",
    "2026-01",
    "Ä",
    "é1",
    "x.y",
    "1",
    "[",
    "{",
    "a{x}",
    "AB",
)


def test_expressions_mean_the_same_in_javascript(tmp_path: Path) -> None:
    """And those that might not are left to Python."""
    routes = [Route(1, "/{a}/", "p.html", where={"a": one}) for one in EXPRESSIONS]
    files = [live_files(SiteSettings(routes=(route,)))[ROUTES].decode() for route in routes]
    known = ["where" in one and json.loads(one)[0]["where"] != {} for one in files]
    assert [one for one, is_known in zip(EXPRESSIONS, known, strict=True) if is_known] == [
        *EXPRESSIONS[:7]
    ]
    script = (
        "const { LivePaths } = require(process.argv[1]);"
        "const [files, values] = JSON.parse(process.argv[2]);"
        "console.log(JSON.stringify(files.map((one) => values.map((value) =>"
        " new LivePaths(JSON.parse(one)).mayMatch(`/${value}/`)))))"
    )
    values = [value for value in VALUES if is_value(value)]
    command = ["node", "-e", script, str(LIBRARY_FOLDER / "paths.js"), json.dumps([files, values])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    for route, found in zip(routes[:7], json.loads(done.stdout)[:7], strict=True):
        assert found == [route.pattern.match(f"/{value}/") is not None for value in values]


def test_python_has_the_last_word(visit: Visit, api: JsonApi) -> None:
    """It knows `where`, and nothing is asked."""
    api.forget()
    assert visit.get("/fault/UPPER/").status == 404
    assert api.seen == []
    assert visit.log()[0]["boot_ms"] > 0


def test_a_variable_that_is_missing_is_named_in_the_log(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("API_TOKEN", raising=False)
    monkeypatch.setenv("API_URL", "http://127.0.0.1:1")
    visit = Visit(built)
    answer = visit.get("/posts/user1/post1/")
    assert answer.status == 500
    assert b"API_TOKEN" not in answer.body
    assert visit.log()[0]["error"]["message"] == (
        "/posts/{user}/{slug}/: api: the header Authorization needs a value of the variable "
        "API_TOKEN, which is not set"
    )


def test_the_function_contains_no_value_of_a_variable(visit: Visit, built: Built) -> None:
    folder = built.root / function_folder("ssg-pages")
    declared = json.loads((folder / "sources.json").read_text())
    assert declared["sources"]["api"]["headers"] == {"Authorization": "Bearer ${API_TOKEN}"}
    files = (file for file in folder.rglob("*") if file.is_file())
    assert not [file for file in files if TOKEN.encode() in file.read_bytes()]


def test_a_site_without_live_pages_has_no_files_for_them(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "ssg.toml": 'theme = ""\n[[deferred.rules]]\nmatch = "**"\n'})
    (tmp_path / "templates/post.html").unlink()
    project = load(tmp_path, overrides={("target", "name"): "netlify"}, environment={})
    build(project, Layout.of(project), BuildOptions(NOW), Silent())
    folder = tmp_path / function_folder("ssg-pages")
    assert not {"routes.json", "sources.json"} & {file.name for file in folder.iterdir()}
