"""Sites built twice: in full, as the reference, and deferred, for Netlify unless a test says so."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.corpus import write_site
from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.report import BuildReport
from ssg.build.stages import Silent
from ssg.config.load import load
from ssg.model.queries.site import Site
from ssg.targets.netlify.function import function_folder

REPOSITORY = Path(__file__).parents[2]
FOLDER = function_folder("ssg-pages")
NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Twice:
    """The two builds of a site."""

    whole: BuildReport
    deferred: BuildReport
    function_dir: Path

    def deferred_paths(self) -> list[str]:
        return [page.path for page in Site.open(self.deferred.database).deferred_pages()]


def build_twice(
    root: Path, work: Path, texts: str = "auto", target: str = "netlify", folder: str = FOLDER
) -> Twice:
    """`folder` is that of the function."""
    whole = whole_documentation(work) if root == REPOSITORY else _build(root, work, "static")
    return Twice(whole, _build(root, work, target, texts), work / target / folder)


_WHOLE: list[BuildReport] = []


def whole_documentation(work: Path) -> BuildReport:
    """This repository's own site in full, which is built once for all tests of a worker."""
    if not _WHOLE:
        _WHOLE.append(_build(REPOSITORY, work, "static"))
    return _WHOLE[0]


def _build(root: Path, work: Path, target: str, texts: str = "auto") -> BuildReport:
    project = load(root, overrides={("target", "name"): target, ("target", "texts"): texts})
    place = work / target
    layout = Layout(root, place / "public", place / "state", place)
    return build(project, layout, BuildOptions(NOW), Silent())


@pytest.fixture(scope="session", params=["corpus", "documentation"])
def twice(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Twice:
    """A blog of 400 posts, 380 deferred; and this repository's own site."""
    work = tmp_path_factory.mktemp(request.param)
    root = REPOSITORY
    if request.param == "corpus":
        root = work / "site"
        write_site(root, 400)
    return build_twice(root, work)
