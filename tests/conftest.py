"""Small sites in a temporary folder: files in, a finished build out."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.publish.publish_folder import file_names
from ssg.build.report import BuildReport
from ssg.build.stages import Silent
from ssg.config.load import load
from ssg.content.source.publication import IncludeOptions
from ssg.model.errors import SsgError, summarize
from ssg.model.page import Page
from ssg.model.queries.site import Site
from ssg.render.renderer import Renderer
from tests.examples import examples
from tests.lambda_emulator import skip_without_emulator
from tests.services import skip_without_programs

# A busy machine draws slowly, and is no fault of a strategy.
settings.register_profile(
    "ssg",
    max_examples=examples(30),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ssg")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests of services that are not installed."""
    skip_without_programs(item)
    skip_without_emulator(item)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """How many workers `-n auto` starts, if no variable says it."""
    from tests.scheduling import workers  # xdist may be absent

    return None if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ else workers()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Choose how `--dist loadgroup` sends tests to workers."""
    from tests.scheduling import FilesAndGroups  # xdist may be absent

    return FilesAndGroups(config, log) if config.getvalue("dist") == "loadgroup" else None


NOW = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)

LIST = "{{ page.title }}:{% for p in paginator.pages %} {{ p.path }}{% endfor %}\n"
BARE: Mapping[str, str] = {
    "ssg.toml": 'theme = ""\nbase_url = "https://example.org/"\n',
    "templates/page.html": "{{ page.title }}|{{ page.content }}",
    "templates/section.html": LIST,
    "templates/term.html": LIST,
    "templates/taxonomy.html": "{% for t in taxonomy.terms %}{{ t }} {{ t.path }}\n{% endfor %}",
}
"""The tests' own theme, so that none hangs on the default one."""

Files = Mapping[str, str | bytes]


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build."""

    root: Path
    report: BuildReport

    @property
    def site(self) -> Site:
        return Site.open(self.report.database)

    @property
    def files(self) -> list[str]:
        return sorted(file_names(self.report.output))

    @property
    def paths(self) -> list[str]:
        return [page.path for page in self.site.all_pages()]

    def read(self, name: str) -> str:
        return (self.report.output / name).read_text("utf-8")

    def page(self, path: str) -> Page:
        page = self.site.page_at(path)
        assert page is not None, f"no {path} among {self.paths}"
        return page

    def render(self, path: str) -> str:
        return Renderer(self.site).render(self.page(path)).decode()


def write(root: Path, files: Files) -> None:
    for name, text in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())


def build_site(
    root: Path, *, now: dt.datetime = NOW, strict: bool = False, target: str = "static",
    include: IncludeOptions = IncludeOptions(), output_dir: str = "public", no_cache: bool = False,
) -> Built:  # fmt: skip
    overrides = {("target", "name"): target}
    if output_dir != "public":
        overrides["output_dir",] = output_dir
    project = load(root, overrides=overrides, environment={})
    options = BuildOptions(now, include, strict, package=False, no_cache=no_cache)
    return Built(root, build(project, Layout.of(project), options, Silent()))


@pytest.fixture
def site(tmp_path: Path) -> Callable[..., Built]:
    """Write files over the bare theme and build: `site({"content/a.md": "A"}, strict=True)`."""

    def make(files: Files | None = None, **options: object) -> Built:
        write(tmp_path, {**(BARE if not (tmp_path / "ssg.toml").exists() else {}), **(files or {})})
        return build_site(tmp_path, **options)  # type: ignore[arg-type]

    return make


@pytest.fixture
def problems(site: Callable[..., Built]) -> Callable[..., list[str]]:
    """The lines that a failing build prints, in their order."""

    def fail(files: Files | None = None, **options: object) -> list[str]:
        with pytest.raises(SsgError) as caught:
            site(files, **options)
        return [str(problem) for problem in summarize(caught.value.problems)]

    return fail
