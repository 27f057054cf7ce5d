"""Texts that the deploy holds, and not the function: a real server stands for the deploy."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.config.load import load
from ssg.redirects.formats.headers_file import parse_headers
from ssg.redirects.header_rule import headers_for
from ssg.render.renderer import Renderer
from ssg.runtime.http import Request
from ssg.targets.bundles.pyodide.path_index import block_numbers, by_prefix
from ssg.targets.netlify.function import function_folder, local_function
from ssg.targets.target import TEXTS_PATH
from tests.conftest import NOW, Built, Silent, write

pytestmark = pytest.mark.node

CONFIG = """\
theme = ""
[[deferred.rules]]
match = "**"
[[deferred.rules]]
kind = "section"
[target]
texts = "publish"
"""
TEMPLATES = {
    "templates/page.html": "{{ page.title }}{{ page.content }}",
    "templates/section.html": "{% for one in paginator.pages %}{{ one.content }}{% endfor %}",
}
POSTS = 200
FILES = {
    "ssg.toml": CONFIG,
    **TEMPLATES,
    "content/blog/_index.md": "---\ntitle: Blog\n---\n",
    **{
        f"content/blog/{number:03}.md": f"---\ntitle: Post {number}\n---\n*Text* {number}.\n"
        for number in range(POSTS)
    },
    "static/_headers": "/*\n  X-Own: yes\n",
}

Answer = tuple[int, bytes]


@dataclass
class Deploy:
    """A server of static files that counts what it is asked for, and can be made to fail."""

    folder: Path
    asked: list[str] = field(default_factory=list)
    spoil: Callable[[str, Answer], Answer] = lambda _, answer: answer
    origin: str = ""

    def answer(self, path: str) -> Answer:
        self.asked.append(path)
        file = self.folder / path.lstrip("/")
        found = (200, file.read_bytes()) if file.is_file() else (404, b"nothing")
        return self.spoil(path, found)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = tmp_path_factory.mktemp("published")
    write(root, FILES)
    project = load(root, overrides={("target", "name"): "netlify"}, environment={})
    return Built(root, build(project, Layout.of(project), BuildOptions(NOW), Silent()))


@pytest.fixture
def deploy(built: Built) -> Iterator[Deploy]:
    deploy = Deploy(built.report.output)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, content = deploy.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    deploy.origin = f"http://127.0.0.1:{server.server_port}"
    yield deploy
    server.shutdown()
    thread.join()
    server.server_close()


class Visit:
    """Asks the function of the built site, and keeps its log."""

    def __init__(self, built: Built, origin: str | None) -> None:
        self.lines: list[str] = []
        folder = built.root / function_folder("ssg-pages")
        self.host = local_function(
            folder, texts=origin, log=self.lines.append, time_limit_seconds=30
        )

    def get(self, path: str) -> tuple[int, str]:
        response = self.host.answer(Request("GET", path))
        return response.status, response.body.decode()

    def errors(self) -> list[str]:
        """What the log says of answers that failed; ends the process."""
        self.host.close()
        entries = [json.loads(line) for line in self.lines if line.startswith("{")]
        return [entry["error"]["message"] for entry in entries if "error" in entry]


@pytest.fixture
def visit(built: Built, deploy: Deploy) -> Iterator[Visit]:
    visit = Visit(built, deploy.origin)
    yield visit
    visit.host.close()


def test_the_deploy_holds_all_blocks_and_the_function_none(built: Built) -> None:
    blocks = {file.name for file in Layout.of(load(built.root)).texts.iterdir()}
    published = {name for name in built.files if name.startswith("_ssg/")}
    assert published == {f"_ssg/texts/{name}" for name in blocks}
    function = built.root / function_folder("ssg-pages")
    assert not (function / "texts").exists()
    assert (function / "blocks.bin").is_file()


def test_blocks_may_be_kept_for_ever_and_are_not_for_search_engines(built: Built) -> None:
    rules = parse_headers(built.read("_headers"))
    assert (rules.problems, rules.warnings) == ((), ())
    assert rules.rules == built.report.routes.headers
    assert headers_for(rules.rules, f"{TEXTS_PATH}0a") == {
        "x-own": "yes",
        "cache-control": "public, max-age=31536000, immutable",
        "x-robots-tag": "noindex",
    }


def test_a_page_is_what_a_build_writes_and_its_block_is_fetched_once(
    built: Built, deploy: Deploy, visit: Visit
) -> None:
    page = built.page("/blog/007/")
    expected = Renderer(built.site).render(page).decode()
    assert visit.get(page.path) == visit.get(page.path) == (200, expected)
    assert deploy.asked == [f"{TEXTS_PATH}{built.site.block_of(page.id)}"]


def test_a_list_brings_the_texts_of_its_pages_together(
    built: Built, deploy: Deploy, visit: Visit
) -> None:
    many, waiting = threading.Event(), [0]

    def wait(_: str, answer: Answer) -> Answer:
        """Let nobody go before three are there, but for the first, who comes alone."""
        waiting[0] += 1
        if waiting[0] >= 3:
            many.set()
        elif len(deploy.asked) > 1:
            many.wait(2)
        return answer

    deploy.spoil = wait
    expected = Renderer(built.site).render(built.page("/blog/")).decode()
    assert visit.get("/blog/") == (200, expected)
    assert many.is_set()
    assert len(deploy.asked) == len(set(deploy.asked)) > 3
    assert visit.errors() == []


def test_a_page_that_borrows_its_text_knows_where_that_is(deploy: Deploy, tmp_path: Path) -> None:
    """So it is fetched while Python starts."""
    config = CONFIG.replace("[target]", "[languages.fr]\nfallback = true\n[target]")
    write(tmp_path, {"ssg.toml": config, **TEMPLATES, "content/a.md": "*Text*"})
    project = load(tmp_path, overrides={("target", "name"): "netlify"}, environment={})
    built = Built(tmp_path, build(project, Layout.of(project), BuildOptions(NOW), Silent()))
    deploy.folder = built.report.output
    visit = Visit(built, deploy.origin)
    assert visit.get("/fr/a/") == (200, built.render("/fr/a/"))
    visit.host.close()
    block = built.site.block_of(built.page("/a/").id)
    assert block
    assert deploy.asked == [f"{TEXTS_PATH}{block}"]
    with_text = {"/a/", "/fr/a/"}
    deferred = [page.path for page in built.site.deferred_pages()]
    assert with_text < set(deferred)
    expected = by_prefix((path, (block,) if path in with_text else ()) for path in deferred)
    numbers = (tmp_path / function_folder("ssg-pages") / "blocks.bin").read_bytes()
    assert numbers == block_numbers(expected.values())


def test_strangers_fetch_nothing(deploy: Deploy, visit: Visit) -> None:
    assert visit.get("/nowhere/")[0] == 404
    assert deploy.asked == []


def test_a_server_that_fails_once_is_asked_again(deploy: Deploy, visit: Visit) -> None:
    deploy.spoil = lambda _, answer: answer if len(deploy.asked) > 1 else (503, b"")
    assert visit.get("/blog/001/")[0] == 200
    assert len(deploy.asked) == 2


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda _, __: (404, b"<p>nothing</p>"), "the answer has status 404"),
        (lambda _, __: (200, b"<p>another page</p>"), "its digest is another"),
        (lambda _, answer: (200, answer[1][:-1]), "its digest is another"),
    ],
)
def test_without_its_text_a_page_is_an_error_that_nobody_keeps(
    deploy: Deploy, visit: Visit, spoil: Callable[[str, Answer], Answer], reason: str
) -> None:
    deploy.spoil = spoil
    status, body = visit.get("/blog/001/")
    assert status == 500
    assert "texts" not in body
    deploy.spoil = lambda _, answer: answer
    assert visit.get("/blog/001/")[0] == 200
    (message,) = visit.errors()
    assert message.startswith(f"{deploy.origin}{TEXTS_PATH}")
    assert message.endswith(f"cannot be fetched: {reason}")


def test_a_deploy_that_does_not_answer_is_an_error(built: Built) -> None:
    visit = Visit(built, "http://127.0.0.1:9")
    assert visit.get("/blog/001/")[0] == 500
    assert "ECONNREFUSED" in visit.errors()[0]


def test_a_request_that_names_no_deploy_is_an_error(built: Built) -> None:
    visit = Visit(built, None)
    assert visit.get("/blog/001/")[0] == 500
    assert visit.errors()[0].endswith("the request has no URL")
