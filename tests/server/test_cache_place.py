"""Where the cache of a server is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from ssg.server.cache_place import _caches_of_user, cache_folder
from ssg.server.settings import ServerSettings


def test_a_named_folder_is_the_cache() -> None:
    assert cache_folder(ServerSettings(cache="/var/cache/site"), {}) == Path("/var/cache/site")


def test_the_cache_belongs_to_the_path_of_the_link_not_to_the_release(tmp_path: Path) -> None:
    for number in "12":
        (tmp_path / number).mkdir()
    link, environment = tmp_path / "current", {"XDG_CACHE_HOME": "/caches"}
    link.symlink_to("1")
    settings = ServerSettings(link)
    before = cache_folder(settings, environment)
    link.unlink()
    link.symlink_to("2")
    assert cache_folder(settings, environment) == before
    assert before.parent == Path("/caches/ssg")
    assert before.name.startswith("current-")
    assert cache_folder(ServerSettings(tmp_path / "2"), environment) != before


@pytest.mark.parametrize(
    ("environment", "platform", "folder"),
    [
        ({"CACHE_DIRECTORY": "/var/cache/a:/var/cache/b"}, "linux", "/var/cache/a"),
        ({"XDG_CACHE_HOME": "/x", "CACHE_DIRECTORY": "/c"}, "linux", "/c"),
        ({"LOCALAPPDATA": "/l"}, "win32", "/l/ssg/cache"),
        ({"LOCALAPPDATA": "/l"}, "linux", str(Path.home() / ".cache/ssg")),
    ],
)
def test_the_place_for_caches(environment: Mapping[str, str], platform: str, folder: str) -> None:
    assert _caches_of_user(environment, platform) == Path(folder)
