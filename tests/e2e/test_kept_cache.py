"""A cache that is kept over a deploy: after the purge, every page is that of a full build.

The cache is a dictionary that reads what Netlify's reads: the headers of the emitted function, and
the requests of `ssg purge` to Netlify's API.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ssg.model.queries.site import Site
from ssg.model.settings import TargetSettings
from ssg.model.urls import output_file, quote_path
from ssg.runtime.http import Request, Response
from ssg.targets.netlify.function import function_folder, local_function
from tests.cli.conftest import Ran
from tests.cli.conftest import ssg as ssg  # noqa: PLC0414 a fixture
from tests.targets.purge.fake_host import FakeHost, fake_host

pytestmark = [pytest.mark.node, pytest.mark.xdist_group("node")]

SETTINGS = TargetSettings("netlify", kind="function", keep_cache=True)
CONFIG = """\
base_url = "https://example.org/"
[target]
name = "netlify"
kind = "function"
keep_cache = true
[[deferred.rules]]
match = "**"
[[deferred.rules]]
kind = "section"
"""
PAGE = """\
{{ page.title }}|{{ page.content }}
{% for one in [page.previous, page.next] if one %}{{ one.title }}{% endfor %}"""
POST = "---\ntitle: Post {0}\ndate: 2025-01-{0:02}\ntags: [t{1}]\n---\n{0}"
POSTS = {f"content/blog/{n}.md": POST.format(n, n % 3) for n in range(1, 13)}


@dataclass
class KeptCache:
    """Answers by path, each with its tags."""

    answers: dict[str, Response] = field(default_factory=dict)

    def get(self, path: str, function: Callable[[Request], Response]) -> Response:
        """The kept answer of a path, or that of the function, which is kept if it says so."""
        if path not in self.answers:
            answer = function(Request("GET", path))
            assert answer.headers["netlify-cache-id"] == "ssg"
            assert "s-maxage" in answer.headers["netlify-cdn-cache-control"]
            self.answers[path] = answer
        return self.answers[path]

    def purge(self, host: FakeHost) -> None:
        """Do what the API was asked to do since the last call."""
        for request in host.received:
            tags = request.json.get("cache_tags")
            for path, answer in list(self.answers.items()):
                has = answer.headers["netlify-cache-tag"].split(",")
                if tags is None or not set(tags).isdisjoint(has):
                    del self.answers[path]
        host.received.clear()


@dataclass
class Project:
    """A site that is built, deployed and purged by commands."""

    root: Path
    ssg: Callable[..., Ran]
    host: FakeHost
    cache: KeptCache = field(default_factory=KeptCache)

    def deploy(self, files: dict[str, str] | None = None) -> list[str]:
        """Build after some edits, deploy, purge; returns what is left in the cache."""
        live = self.root / "live"
        since = ("--since", str(live / "_ssg" / "tags.json")) if live.is_dir() else ()
        self._run("build", "--quiet", *since, files=files)
        shutil.rmtree(live, ignore_errors=True)
        shutil.copytree(self.root / "public", live)
        self._run("purge", "--changed", "--host", "netlify")
        self.cache.purge(self.host)
        return sorted(self.cache.answers)

    def visit_all(self) -> dict[str, bytes]:
        """The body of each deferred page, from the cache or from the function."""
        paths = [quote_path(path) for path in self.paths]
        with local_function(self.root / function_folder("ssg-pages"), SETTINGS) as function:
            return {path: self.cache.get(path, function.answer).body for path in paths}

    def written(self) -> dict[str, bytes]:
        """The same pages, as a full build writes them."""
        whole = self.root / "whole"
        shutil.rmtree(whole, ignore_errors=True)
        whole.mkdir()
        shutil.copyfile(self.root / "ssg.toml", whole / "ssg.toml")
        for folder in ("content", "templates"):
            shutil.copytree(self.root / folder, whole / folder)
        self._run("build", "--quiet", "--root", "whole", "--target", "static")
        files = {quote_path(path): output_file(path) for path in self.paths}
        return {path: (whole / "public" / file).read_bytes() for path, file in files.items()}

    @property
    def paths(self) -> list[str]:
        """The deferred pages of the last build for Netlify."""
        with_function = self.root / function_folder("ssg-pages") / "site.db"
        return Site.open(with_function).deferred_paths()

    def _run(self, *words: str, files: dict[str, str] | None = None) -> None:
        done = self.ssg(*words, files=files)
        assert done.status == 0, done.err


@pytest.fixture
def project(
    tmp_path: Path, ssg: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Project]:
    with fake_host() as host:
        monkeypatch.setenv("NETLIFY_AUTH_TOKEN", "nfp_secret")
        monkeypatch.setenv("NETLIFY_SITE_ID", "site-1")
        monkeypatch.setenv("NETLIFY_API_URL", host.url)
        yield Project(tmp_path, ssg, host)


def test_after_each_deploy_every_page_is_that_of_a_full_build(project: Project) -> None:
    assert project.deploy({"ssg.toml": CONFIG, "templates/page.html": PAGE, **POSTS}) == []
    assert project.visit_all() == project.written()
    paths = set(project.paths)
    assert len(paths) > len(POSTS)

    edited = POSTS["content/blog/5.md"].replace("\n5", "\nOther words")
    kept = set(project.deploy({"content/blog/5.md": edited}))
    assert "/blog/5/" not in kept
    assert len(paths - kept) <= 3
    assert project.visit_all() == project.written()

    kept = set(project.deploy({"content/blog/5.md": edited.replace("Post 5", "A new title")}))
    assert paths - kept > {"/blog/5/", "/blog/4/", "/blog/6/"}
    assert {"/blog/1/", "/blog/12/"} <= kept
    assert project.visit_all() == project.written()

    assert project.deploy({"ssg.toml": CONFIG.replace("example.org", "example.net")}) == []
    assert project.visit_all() == project.written()
