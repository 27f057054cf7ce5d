"""Deferred pages have the headers of a static file: in the function, in the preview, in a build.

One site is built twice: with its pages as files, and with deferred pages. The preview's edge serves
the files, the pages of this Python, and those of the emitted function under Node.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from ssg.build.inspect.verify import compare
from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.report import BuildReport
from ssg.config.load import load
from ssg.edge.page_function import function_in_process
from ssg.model.queries.site import Site
from ssg.model.settings import TargetSettings
from ssg.model.urls import quote_path
from ssg.redirects.rule import page_path
from ssg.redirects.site_headers import with_site_headers
from ssg.runtime.dialects import REVALIDATED
from ssg.runtime.http import Request, Response
from ssg.targets.bundles.pyodide.local_function import NodeFunction
from ssg.targets.netlify.capabilities import CAPABILITIES
from ssg.targets.netlify.function import function_folder, local_function
from tests.conftest import BARE, NOW, Silent, write
from tests.e2e.netlify import ask, netlify_dev
from tests.preview.running import Got, Preview, previewing

pytestmark = [pytest.mark.node, pytest.mark.xdist_group("headers")]

CSP = "default-src 'self'"
DEFERRED = '[[deferred.rules]]\nmatch = "blog/**"\n'
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
/blog/one
  Cache-Control: max-age=9
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
    """The site with files only, and with deferred pages, which a function answers."""

    settings: TargetSettings
    files: BuildReport
    deferred: BuildReport
    function: Path

    @property
    def address(self) -> str:
        assert self.deferred.builder
        return self.deferred.builder

    def in_process(self) -> Callable[[Request], Response]:
        rules = self.deferred.routes.deferred_headers
        return function_in_process(self.deferred.database, self.address, rules)

    def in_node(self) -> NodeFunction:
        return local_function(self.function, self.settings)


@pytest.fixture(scope="module", params=["builder", "function"])
def sites(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sites:
    settings = TargetSettings("netlify", request.param)
    work = tmp_path_factory.mktemp("headers")
    write(work / "files", {**BARE, **SITE})
    write(work / "deferred", {**BARE, **SITE, "ssg.toml": BARE["ssg.toml"] + DEFERRED})
    whole, deferred = (_build(work / name, settings) for name in ("files", "deferred"))
    return Sites(settings, whole, deferred, work / "deferred" / function_folder("ssg-pages"))


def _build(root: Path, settings: TargetSettings) -> BuildReport:
    overrides = {("target", "name"): settings.name, ("target", "kind"): settings.kind}
    project = load(root, overrides=overrides, environment={})
    return build(project, Layout.of(project), BuildOptions(NOW), Silent())


@contextlib.contextmanager
def served(
    report: BuildReport, settings: TargetSettings, work: Path, answer: object = None
) -> Iterator[Preview]:
    """The edge over a build; `answer` is what answers deferred pages."""
    work.mkdir()
    with previewing(work, exact=True, deploy=False) as preview:
        deployment = preview.deployment(
            report.build_id,
            publish_dir=report.output,
            rules=report.routes.rules,
            headers=report.routes.headers,
            deferred_headers=report.routes.deferred_headers,
            function=report.builder,
            capabilities=CAPABILITIES[settings.kind],
            **({"answer": answer} if answer else {}),
        )
        preview.edge.deploy(deployment)
        yield preview


def lasting(got: Got) -> Mapping[str, str]:
    """The headers of a page, without those that only the host reads."""
    kept = (name for name in got.headers if name not in VOLATILE and "netlify-" not in name)
    return {name: got.headers[name] for name in kept}


def lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@pytest.mark.parametrize("runtime", ["python", "node"])
def test_a_deferred_page_has_the_headers_of_a_file(
    sites: Sites, tmp_path: Path, runtime: str
) -> None:
    with contextlib.ExitStack() as stack:
        if runtime == "node":
            answer = stack.enter_context(sites.in_node()).answer
        else:
            answer = sites.in_process()
        files = stack.enter_context(served(sites.files, sites.settings, tmp_path / "files"))
        deferred = stack.enter_context(
            served(sites.deferred, sites.settings, tmp_path / "deferred", answer)
        )
        for path in map(quote_path, PAGES):
            file, missed, hit = (site.get(path) for site in (files, deferred, deferred))
            assert file.status == 200
            assert missed.headers["cache-status"] == "ssg; fwd=uri-miss; stored"
            assert hit.headers["cache-status"].startswith("ssg; hit")
            assert (missed.body, hit.body) == (file.body, file.body)
            expected = dict(lasting(file))
            if sites.settings.kind == "builder":
                expected["cache-control"] = REVALIDATED
            assert lasting(missed) == lasting(hit) == expected
            assert file.headers["content-security-policy"] == CSP
            assert file.headers["x-blog"] == "yes"
            assert missed.headers["etag"] != '"never"'


def test_all_answers_of_the_function_are_those_of_this_python(sites: Sites) -> None:
    here, rules = sites.in_process(), sites.deferred.routes.deferred_headers
    paths = [*map(quote_path, PAGES), "/blog/one", "/blog/no/", "/blog/no.txt", "/blog/%ff", "/x"]
    with sites.in_node() as function:
        for path in (*paths, f"{sites.address}/blog/one/"):
            sent = function.host.sent(here(Request("GET", path)))
            mine = with_site_headers(sent, page_path(path, sites.address), rules)
            theirs = function.answer(Request("GET", path))
            assert mine.status == theirs.status, path
            assert lowered(mine.headers) == lowered(theirs.headers), path
            assert mine.headers["content-security-policy"] == CSP
            assert len(lowered(theirs.headers)) == len(theirs.headers)


def test_verify_finds_no_difference(sites: Sites) -> None:
    site = Site.open(sites.deferred.database)
    with sites.in_node() as function:
        rules = sites.deferred.routes.deferred_headers
        for expected, same in ((rules, True), (rules[1:], False)):
            pages = list(site.deferred_pages())
            found = list(
                compare(
                    site, [page.path for page in pages], function.answer, function.host, expected
                )
            )
            assert len(found) == len(PAGES)
            assert (set(found) == {None}) is same


def test_a_page_that_fails_has_them_too(sites: Sites, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(sites.function, tmp_path / "broken"))
    (folder / "site.db").unlink()
    with local_function(folder, sites.settings, time_limit_seconds=30) as function:
        found = function.answer(Request("GET", "/blog/sent.txt"))
    assert found.status == 500
    headers = lowered(found.headers)
    assert headers["content-security-policy"] == CSP
    assert headers["content-type"] == "text/html; charset=UTF-8"


@pytest.mark.netlify
@pytest.mark.parametrize("sites", ["builder"], indirect=True)
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
