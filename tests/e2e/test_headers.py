"""Deferred pages have the headers of a static file: in the function, in the preview, in a build.

One site is built twice: with its pages as files, and with deferred pages. The preview's edge serves
the files, the pages of this Python, and those of the emitted function under Node.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from ssg.build.inspect.verify import compare
from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.report import BuildReport
from ssg.cli.preview import function_in_process
from ssg.config.load import load
from ssg.model.queries.site import Site
from ssg.model.urls import quote_path
from ssg.runtime.http import Request
from ssg.targets.netlify.function import function_folder, local_function
from tests.conftest import BARE, NOW, Silent, write
from tests.e2e.netlify import ask, netlify_dev
from tests.preview.running import Got, Preview, previewing

pytestmark = [pytest.mark.node, pytest.mark.xdist_group("headers")]

OWN = "/.netlify/builders/ssg-pages"
CSP = "default-src 'self'"
DEFERRED = '[target]\nname = "netlify"\n[[deferred.rules]]\nmatch = "blog/**"\n'
SITE = {
    "ssg.toml": BARE["ssg.toml"],
    "content/blog/one.md": "---\ntitle: One\n---\ntext",
    "content/blog/käse.md": "---\ntitle: Käse\nttl: 60\n---\ntext",
    "content/blog/code.md": "---\ntitle: Code\npath: /blog/code.js\n---\nlet a;",
    "content/blog/sent.md": "---\ntitle: Sent\npath: /blog/sent.txt\n---\na",
    "content/404.md": "---\ntitle: Nothing\n---\n",
    "static/_headers": f"""\
/*
  Content-Security-Policy: {CSP}
  X-Frame-Options: DENY
/BLOG/*
  X-Blog: yes
/blog/k%C3%A4se
  X-Cheese: yes
/blog/*.txt
  Content-Type: text/calendar
  ETag: "never"
""",
    "netlify.toml": """\
[build]
publish = "public"
[[headers]]
  for = "/blog/:post"
  [headers.values]
    X-Frame-Options = "SAMEORIGIN"
    Link = ["</a.css>; rel=preload", "</b.css>; rel=preload"]
""",
}
PAGES = ("/blog/one/", "/blog/käse/", "/blog/code.js", "/blog/sent.txt")
VOLATILE = frozenset(
    {"age", "cache-status", "date", "etag", "last-modified", "server-timing", "accept-ranges"}
)
"""Headers of one moment, or of one way to store a page."""


@dataclass(frozen=True, slots=True)
class Sites:
    """The site with files only, and with deferred pages."""

    files: BuildReport
    deferred: BuildReport
    function: Path


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Sites:
    work = tmp_path_factory.mktemp("headers")
    write(work / "files", {**BARE, **SITE})
    write(work / "deferred", {**BARE, **SITE, "ssg.toml": BARE["ssg.toml"] + DEFERRED})
    whole, deferred = (_build(work / name) for name in ("files", "deferred"))
    return Sites(whole, deferred, work / "deferred" / function_folder("ssg-pages"))


def _build(root: Path) -> BuildReport:
    project = load(root, overrides={("target", "name"): "netlify"}, environment={})
    return build(project, Layout.of(project), BuildOptions(NOW), Silent())


@contextlib.contextmanager
def served(report: BuildReport, work: Path, answer: object = None) -> Iterator[Preview]:
    """The edge over a build; `answer` is what answers deferred pages."""
    work.mkdir()
    with previewing(work, exact=True, deploy=False) as preview:
        deployment = preview.deployment(
            report.build_id,
            publish_dir=report.output,
            rules=report.routes.rules,
            headers=report.routes.headers,
            deferred_headers=report.routes.deferred_headers,
            **({"answer": answer} if answer else {}),
        )
        preview.edge.deploy(deployment)
        yield preview


def lasting(got: Got) -> Mapping[str, str]:
    return {name: value for name, value in got.headers.items() if name not in VOLATILE}


@pytest.mark.parametrize("runtime", ["python", "node"])
def test_a_deferred_page_has_the_headers_of_a_file(
    sites: Sites, tmp_path: Path, runtime: str
) -> None:
    with contextlib.ExitStack() as stack:
        if runtime == "node":
            answer = stack.enter_context(local_function(sites.function)).answer
        else:
            rules = sites.deferred.routes.deferred_headers
            answer = function_in_process(sites.deferred.database, OWN, rules)
        files = stack.enter_context(served(sites.files, tmp_path / "files"))
        deferred = stack.enter_context(served(sites.deferred, tmp_path / "deferred", answer))
        for path in map(quote_path, PAGES):
            file, missed, hit = (site.get(path) for site in (files, deferred, deferred))
            assert (file.status, missed.headers["cache-status"]) == (
                200,
                "ssg; fwd=uri-miss; stored",
            )
            assert hit.headers["cache-status"].startswith("ssg; hit")
            assert (missed.body, hit.body) == (file.body, file.body)
            assert lasting(missed) == lasting(hit) == lasting(file)
            assert file.headers["content-security-policy"] == CSP
            assert file.headers["x-blog"] == "yes"
            assert missed.headers["etag"] != '"never"'


def test_all_answers_of_the_function_are_those_of_this_python(sites: Sites) -> None:
    rules = sites.deferred.routes.deferred_headers
    here = function_in_process(sites.deferred.database, OWN, rules)
    paths = [*map(quote_path, PAGES), "/blog/one", "/blog/no/", "/blog/no.txt", "/blog/%ff", "/x"]
    with local_function(sites.function) as function:
        for path in (*paths, "/.netlify/builders/ssg-pages/blog/one/"):
            mine = function.host.sent(here(Request("GET", path)))
            theirs = function.answer(Request("GET", path))
            assert (mine.status, mine.headers) == (theirs.status, theirs.headers), path
            assert mine.headers["content-security-policy"] == CSP
            names = [name.lower() for name in theirs.headers]
            assert len(names) == len(set(names))


def test_verify_finds_no_difference(sites: Sites) -> None:
    site = Site.open(sites.deferred.database)
    with local_function(sites.function) as function:
        rules = sites.deferred.routes.deferred_headers
        for expected, same in ((rules, True), (rules[1:], False)):
            pages = list(site.deferred_pages())
            found = list(compare(site, pages, function.answer, function.host, expected))
            assert len(found) == len(PAGES)
            assert (set(found) == {None}) is same


def test_a_page_that_fails_has_them_too(sites: Sites, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(sites.function, tmp_path / "broken"))
    (folder / "site.db").unlink()
    with local_function(folder, time_limit_seconds=30) as function:
        found = function.answer(Request("GET", "/blog/sent.txt"))
    assert found.status == 500
    assert found.headers["content-security-policy"] == CSP
    assert found.headers["Content-Type"] == "text/html; charset=UTF-8"


@pytest.mark.netlify
def test_netlify_dev_shows_them(sites: Sites, tmp_path: Path) -> None:
    root = sites.deferred.output.parent
    with netlify_dev(root) as port:
        answers = [ask(port, quote_path(path)) for path in (*PAGES, "/blog/no/", "/")]
    assert [answer.status for answer in answers] == [200, 200, 200, 200, 404, 200]
    for answer in answers:
        assert answer.headers["content-security-policy"] == CSP
    frames = [answer.headers["x-frame-options"] for answer in answers]
    assert frames == ["SAMEORIGIN"] * 5 + ["DENY"]
    assert answers[3].headers["content-type"] == "text/calendar"
