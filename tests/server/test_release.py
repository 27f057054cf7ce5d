"""Folders that a build for the server wrote, and folders that it did not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.model.errors import ServeError
from ssg.server.release import WaitLimit, deployment_of, find_release, release_id
from tests.server_site import build_for_server

AT_ONCE = WaitLimit(0)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("site")
    build_for_server(root)
    return root / "dist"


@pytest.fixture
def dist(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "releases" / "1"))


def test_a_release_is_that_behind_a_link(dist: Path, tmp_path: Path) -> None:
    link = tmp_path / "current"
    link.symlink_to(dist)
    release = find_release(link, AT_ONCE)
    assert release.folder == dist
    assert release.id == release_id(link) == release_id(dist)
    deployment = deployment_of(release)
    assert deployment.publish_dir == dist / "public"
    assert (deployment.build_id, deployment.front) == (release.deploy.build_id, "")


def test_the_front_decides_the_dialect_and_the_cache(dist: Path) -> None:
    release = find_release(dist, AT_ONCE)
    behind = deployment_of(release, "fastly")
    assert behind.front == "surrogate"
    assert behind.cache_name == deployment_of(release, "varnish").cache_name
    assert behind.cache_name != deployment_of(release).cache_name


def test_another_version_of_ssg_finds_none_of_its_pages(
    dist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The build is the same, and other code renders its deferred pages."""
    release = find_release(dist, AT_ONCE)
    before = deployment_of(release).cache_name
    assert deployment_of(release).cache_name == before
    monkeypatch.setattr("ssg.server.release.code_fingerprint", lambda: "other code")
    assert deployment_of(release).cache_name != before


BREAK: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "not a build": (lambda d: (d / "deploy.toml").unlink(), "deploy.toml", "not a build for a"),
    "no database": (lambda d: (d / "site.db").unlink(), "site.db", "cannot be read"),
    "a damaged database": (lambda d: (d / "site.db").write_bytes(b"?" * 9000), "site.db", "read"),
    "no publish folder": (lambda d: shutil.rmtree(d / "public"), "public", "is missing"),
    "another build's database": (
        lambda d: (d / "deploy.toml").write_text(
            (d / "deploy.toml").read_text().replace('build_id = "', 'build_id = "0')
        ),
        "site.db",
        "is of the build",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAK)
def test_a_folder_that_is_not_a_whole_release_is_an_error(name: str, dist: Path) -> None:
    change, file, message = BREAK[name]
    change(dist)
    with pytest.raises(ServeError) as raised:
        find_release(dist, AT_ONCE)
    (problem,) = raised.value.problems
    assert problem.where is not None
    assert Path(problem.where.path).name == file
    assert message in problem.message
    assert problem.hint


def test_a_folder_that_is_being_written_is_waited_for(dist: Path, tmp_path: Path) -> None:
    database, kept = dist / "site.db", tmp_path / "kept"
    database.rename(kept)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            kept.rename(database)

    release = find_release(dist, WaitLimit(1, lambda: sum(slept), sleep))
    assert release.folder == dist
    assert len(slept) == 3


def test_a_file_in_place_of_a_folder_says_what_to_do(dist: Path) -> None:
    with pytest.raises(ServeError, match="not a build for a server") as raised:
        find_release(dist / "deploy.toml", AT_ONCE)
    assert "ssg build --target server" in str(raised.value.problems[0].hint)


def test_a_folder_that_is_missing_is_not_waited_for(tmp_path: Path) -> None:
    def sleep(_: float) -> None:
        raise AssertionError

    with pytest.raises(ServeError, match=r"nowhere.*not a build"):
        find_release(tmp_path / "nowhere", WaitLimit(1, sleep=sleep))
