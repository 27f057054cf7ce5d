"""The site of the platform, built once for a fake API."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.stages import Silent
from ssg.config.load import load
from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.runtime.http import Request, Response
from ssg.runtime.rounds import answered
from ssg.runtime.tagged_renderer import TaggedRenderer
from ssg.sources.environment import SiteEnvironment
from tests.conftest import NOW, Built
from tests.platform.site.fake_api import FakeApi, example_api, fake_api

SITE = Path(__file__).parents[3] / "examples/blog-platform"
ITS_FOLDERS = ("content", "templates", "static")


@dataclass(frozen=True)
class PlatformSite:
    """A finished build, and the API that it asks."""

    built: Built
    api: FakeApi

    @cached_property
    def renderer(self) -> TaggedRenderer:
        return TaggedRenderer(self.built.site, {"API_URL": self.api.url})

    def get(self, path: str) -> Response:
        """The answer of a server."""
        return answered(self.renderer, Request("GET", path), self._bring)

    def html(self, path: str) -> str:
        found = self.get(path)
        assert found.status == 200, found.failure or found
        return found.body.decode()

    def tags(self, path: str) -> set[str]:
        """The tags of an answer that say what a change purges."""
        own = ("user:", "post:", "posts-by:", "tag:", "newest")
        return {tag for tag in self.get(path).caching.tags if tag.startswith(own)}

    def _bring(self, requests: Iterable[DataRequest]) -> Mapping[DataRequest, DataAnswer]:
        return {one: self._answer(one.path) for one in requests}

    def _answer(self, target: str) -> DataAnswer:
        parts = urlsplit(target)
        value = self.api.value(parts.path, dict(parse_qsl(parts.query)))
        return DataAnswer(404) if value is None else DataAnswer(200, json.dumps(value).encode())


def copy_site(root: Path) -> Path:
    """The files of the site, without what was built of them."""
    for name in ITS_FOLDERS:
        shutil.copytree(SITE / name, root / name)
    shutil.copy(SITE / "ssg.toml", root)
    return root


def build_platform(root: Path, api: FakeApi, target: str = "server") -> Built:
    """Build a copy of the site."""
    project = load(root, overrides={("target", "name"): target}, environment={})
    site = project.settings.site
    environment = SiteEnvironment.for_site({"API_URL": api.url}, site.env, site.sources.values())
    options = replace(
        BuildOptions(NOW, strict=True, package=False), environment=environment, processes=1
    )
    return Built(root, build(project, Layout.of(project), options, Silent()))


@pytest.fixture(scope="session")
def platform_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformSite]:
    """The site for the example API. Tests do not change its data."""
    with fake_api(example_api()) as api:
        root = copy_site(tmp_path_factory.mktemp("platform"))
        yield PlatformSite(build_platform(root, api), api)
