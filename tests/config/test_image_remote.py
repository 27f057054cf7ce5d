"""`[[images.remote]]`: hosts whose pictures a build may fetch."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssg.config.load import load
from ssg.model.errors import ConfigError
from ssg.model.images.remote import RemoteSettings
from ssg.model.settings import SiteSettings

MATCH = 'match = "https://photos.example.org/**"\n'


def _settings(root: Path, keys: str) -> SiteSettings:
    (root / "content").mkdir()
    (root / "ssg.toml").write_text(f"[[images.remote]]\n{keys}\n", "utf-8")
    return load(root, environment={}).settings.site


def test_all_keys(tmp_path: Path) -> None:
    url = "https://photos.example.org/a?w=1"
    settings = _settings(
        tmp_path,
        f'{MATCH}urls = ["{url}"]\nrefresh = "1d"\ntimeout = 5\nmax_bytes = 1000',
    )
    images = settings.images
    assert images
    expected = RemoteSettings("https://photos.example.org/**", (url,), 86_400, 5, 1000)
    assert images.remote == (expected,)
    assert SiteSettings.from_json(settings.to_json()) == settings


@pytest.mark.parametrize("match", ["http://localhost:8000/**", "http://127.0.0.1/a/*.png"])
def test_this_machine_needs_no_https(tmp_path: Path, match: str) -> None:
    images = _settings(tmp_path, f'match = "{match}"').images
    assert images and images.remote == (RemoteSettings(match),)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("refresh = 1", 'a remote needs "match"'),
        ('match = "photos/**"', '"match" is not a glob over URLs'),
        ('match = "https://*.example.org/**"', '"match" is not a glob over URLs'),
        ('match = "https://me@photos.example.org/**"', '"match" is not a glob over URLs'),
        ('match = "http://photos.example.org/**"', "which anybody on the way can change"),
        (MATCH + 'urls = ["https://other.example/a.png"]', '"match" does not match https://other'),
        (MATCH + "timeout = 0", "must be at least 1"),
        (MATCH + "retries = 2", 'unknown key "retries"'),
    ],
)
def test_mistakes(tmp_path: Path, keys: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _settings(tmp_path, keys)
    (problem,) = caught.value.problems
    assert message in problem.message
    assert problem.where and problem.where.line
