"""What a build writes for Vercel, read by Vercel's own packages, and answered by plain Node."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.report import BuildReport
from ssg.build.stages import Silent
from ssg.config.load import load
from ssg.model.errors import TargetError
from ssg.render.dependencies.tags import page_tag
from ssg.runtime.caching import NEVER_STORED
from ssg.runtime.http import Request, Response
from ssg.targets.bundles.pyodide import npm
from ssg.targets.vercel.function import function_folder, local_function
from tests.conftest import NOW, Files, write

pytestmark = [pytest.mark.node, pytest.mark.xdist_group("vercel")]

CHECKS = Path(__file__).parents[2] / "e2e" / "vercel"
FILES: Files = {
    "ssg.toml": """
theme = ""
base_url = "https://example.org/"
[languages.en]
[languages.fr]
[[deferred.rules]]
match = "blog/short/**"
ttl = 60
stale = 30
[[deferred.rules]]
match = "blog/**"
""",
    "templates/page.html": "{{ page.title }}|{{ page.content }}",
    "templates/section.html": "{{ page.title }}",
    "templates/404.html": "Nothing ({{ page.language }})",
    "content/about.md": "About.",
    "content/blog/käse.md": "Käse.",
    "content/blog/a & b/index.md": "---\npath: blog/a&b\n---\nBoth.",
    "content/blog/short/x.md": "Short-lived.",
    "static/f.txt": "file",
    "static/_redirects": "/old/* /blog/:splat 301\n/fr-only /about/ 302 Language=fr\n",
    "static/_headers": "/blog/*\n  X-Frame-Options: DENY\n  Cache-Control: max-age=5\n",
}
ADDRESS = "/_ssg/functions/ssg-pages"


def built(root: Path, kind: str, files: Files = FILES) -> BuildReport:
    write(root, files)
    overrides = {("target", "name"): "vercel", ("target", "kind"): kind}
    project = load(root, overrides=overrides, environment={})
    options = BuildOptions(NOW)
    return build(project, Layout.of(project), options, Silent())


@pytest.fixture(scope="module")
def prerender(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("prerender")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VERCEL_BYPASS_TOKEN", "t" * 32)
        built(root, "prerender")
    return root / ".vercel/output"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("plain")
    built(root, "function")
    return root / ".vercel/output"


def checked(output: Path) -> Any:
    if not (CHECKS / "node_modules").is_dir():
        assert not os.environ.get("CI"), "Vercel's packages are not installed"
        pytest.skip("Vercel's packages are not installed: npm install --prefix tests/e2e/vercel")
    done = subprocess.run(
        [npm.node(), CHECKS / "check-output.mjs", output],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


SETTINGS = {
    "runtime": "nodejs22.x",
    "handler": "ssg-pages.cjs",
    "launcherType": "Nodejs",
    "supportsResponseStreaming": False,
    "maxDuration": 60,
    "hasHandler": True,
}


def test_vercel_reads_one_function_and_a_link_for_each_lifetime(prerender: Path) -> None:
    found = checked(prerender)
    name = ADDRESS[1:]
    own = {"allowQuery": ["ssgpath"], "passQuery": True, "fallback": None, "bypassToken": "t" * 32}
    link = {"type": "Prerender", **own, **SETTINGS}
    assert found["functions"] == {
        name: {"type": "Lambda", **SETTINGS},
        f"{name}/60-30": {**link, "expiration": 60, "staleExpiration": 90},
        f"{name}/deploy": {**link, "expiration": False},
    }
    assert (found["warnings"], found["routesError"], found["schemaErrors"]) == ([], None, [])
    assert {"f.txt", "404.html", "fr/404.html", "about/index.html"} <= set(found["files"])
    assert (prerender / f"functions/{name}/deploy.func").is_symlink()


def test_vercel_reads_a_plain_function(plain: Path) -> None:
    found = checked(plain)
    assert found["functions"] == {ADDRESS[1:]: {"type": "Lambda", **SETTINGS}}
    assert (found["routesError"], found["schemaErrors"]) == (None, [])


LIVE = """
[sources.api]
url = "https://api.example.org"
[[routes]]
path = "/{user}/{slug}/"
template = "page.html"
data.post = { source = "api", path = "/posts/{user}/{slug}" }
ttl = 3600
stale = 60
[[routes]]
path = "/käse/{slug}.html"
template = "page.html"
data.post = { source = "api", path = "/cheese/{slug}" }
ttl = 90
"""


@pytest.mark.parametrize("kind", ["prerender", "function"])
def test_vercel_reads_the_routes_of_live_pages(tmp_path: Path, kind: str) -> None:
    """A site without deferred pages has a function, too."""
    config = 'theme = ""\nbase_url = "https://example.org/"\n'
    built(
        tmp_path,
        kind,
        {
            "ssg.toml": config + LIVE,
            "templates/page.html": "{{ post.title if post is defined }}",
            "templates/section.html": "",
        },
    )
    found = checked(tmp_path / ".vercel/output")
    lifetimes = {name.rpartition("/")[2] for name in found["functions"]}
    assert lifetimes == {"ssg-pages", *(("3600-60", "90") if kind == "prerender" else ())}
    assert (found["warnings"], found["routesError"], found["schemaErrors"]) == ([], None, [])


def answers(output: Path, *paths: str, method: str = "GET") -> list[Response]:
    with local_function(output / function_folder("ssg-pages")) as host:
        return [host.answer(Request(method, path)) for path in paths]


def test_the_function_answers_pages_redirects_and_unknown_paths(prerender: Path) -> None:
    page, short, redirect, missing, french = answers(
        prerender, "/blog/k%C3%A4se/", "/blog/short/x/", "/blog/short/x", "/blog/no/", "/fr/no/"
    )
    assert (page.status, page.body) == (200, "Käse|<p>Käse.</p>\n".encode())
    assert page.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert page.headers["x-frame-options"] == "DENY"
    assert not {"vercel-cdn-cache-control", "vercel-cache-tag"} & set(page.headers)
    assert (page.caching.fresh_seconds, short.caching.fresh_seconds) == (None, 60)
    assert short.caching.stale_seconds == 30
    assert (redirect.status, redirect.headers["location"]) == (301, "/blog/short/x/")
    assert (missing.status, missing.body) == (404, b"Nothing (en)")
    assert (french.status, french.body) == (404, b"Nothing (fr)")


def test_a_page_whose_path_means_something_in_a_query_is_not_cached(prerender: Path) -> None:
    (page,) = answers(prerender, "/blog/a&b/")
    assert (page.status, page.caching) == (200, NEVER_STORED)
    assert b"Both." in page.body


def test_a_plain_function_says_caching_and_tags(plain: Path) -> None:
    page, short = answers(plain, "/blog/k%C3%A4se/", "/blog/short/x/")
    assert short.headers["vercel-cdn-cache-control"] == (
        "public, s-maxage=60, stale-while-revalidate=30"
    )
    assert page_tag("/blog/käse/") in page.headers["vercel-cache-tag"].split(",")
    assert page.headers["cache-control"] == "max-age=5"
    assert (page.caching.fresh_seconds, short.caching.fresh_seconds) == (None, 60)


def test_other_methods_are_refused_and_head_has_no_body(prerender: Path) -> None:
    (post,) = answers(prerender, "/blog/short/x/", method="POST")
    assert (post.status, post.headers["allow"]) == (405, "GET, HEAD")
    (head,) = answers(prerender, "/blog/short/x/", method="HEAD")
    assert (head.status, head.body) == (200, b"")


@contextmanager
def listening(output: Path) -> Iterator[Callable[[str, dict[str, str]], tuple[int, str]]]:
    """The handler on a port, as the launcher has it, for URLs and headers of any form."""
    script = output / function_folder("ssg-pages") / "ssg-pages.cjs"
    code = (
        f"const s = require('node:http').createServer(require({json.dumps(str(script))}));"
        "s.listen(0, '127.0.0.1', () => console.error(s.address().port));"
        "process.stdin.resume().on('end', () => process.exit());"
    )
    with subprocess.Popen(
        [npm.node(), "-e", code], stdin=subprocess.PIPE, stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        assert process.stderr and process.stdin
        port = int(process.stderr.readline())

        def ask(url: str, headers: dict[str, str]) -> tuple[int, str]:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", url, headers=headers)
            response = connection.getresponse()
            return response.status, response.read().decode()

        try:
            yield ask
        finally:
            process.stdin.close()


def test_a_prerender_function_finds_its_path_in_each_form(prerender: Path) -> None:
    link, expected = f"{ADDRESS}/deploy", (200, "Käse|<p>Käse.</p>\n")
    sent, twice = "/blog/k%C3%A4se/", "%2Fblog%2Fk%25C3%25A4se%2F"
    with listening(prerender) as ask:
        for url, matches in (
            (f"{link}?ssgpath={sent}", ""),
            (f"{link}?ssgpath={twice}", ""),
            (f"{link}?ssgpath=%2Fblog%2Fk%C3%A4se%2F", ""),
            (f"{link}?1=x&ssgpath={twice}", ""),
            (link, f"1=x&ssgpath={twice}"),
            (link, f"ssgpath={sent}"),
            (sent, ""),
            (f"{sent}?ssgpath=/other/", ""),
        ):
            headers = {"x-now-route-matches": matches} if matches else {}
            assert ask(url, headers) == expected, (url, matches)
        for url in (link, f"{link}?ssgpath=", f"{link}?ssgpath=%2F%zz", f"{link}?other=1"):
            assert ask(url, {})[0] == 404, url


def test_a_token_that_is_too_short_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERCEL_BYPASS_TOKEN", "secret")
    with pytest.raises(TargetError) as caught:
        built(tmp_path, "prerender")
    (problem,) = caught.value.problems
    assert problem.message == "VERCEL_BYPASS_TOKEN has fewer than 32 characters"
