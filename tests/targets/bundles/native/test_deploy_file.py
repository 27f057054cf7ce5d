"""`deploy.toml` says the same after it was written and read."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssg.model.errors import ServeError
from ssg.redirects.formats.headers_file import parse_headers
from ssg.redirects.formats.redirects_file import parse_redirects
from ssg.targets.bundles.native.deploy_file import DEPLOY_FILE, DeployFile, read_deploy_file

REDIRECTS = """
/old/* /new/:splat 301!
/shop id=:id /shop/:id 302 Country=us,ca Language=de
https://old.example.org/a https://example.org/b 308
/members/* /members/:splat 200! Role=admin
/blog/* /_ssg/functions/ssg-pages 200
/fr/* /fr/404.html 404
"""
HEADERS = """
/*
  X-Frame-Options: DENY
  Link: </a.css>; rel=preload
/private/*
  Basic-Auth: me:secret you:other
"""

DEPLOY = DeployFile(
    "b1",
    "/_ssg/functions/ssg-pages",
    True,
    parse_redirects(REDIRECTS).rules,
    parse_headers(HEADERS).rules,
    parse_headers("/*\n  X-A: 1").rules,
)


def test_what_is_written_is_read() -> None:
    assert len(DEPLOY.redirects) == 6 and len(DEPLOY.headers) == 2
    assert DeployFile.from_toml(DEPLOY.to_toml()) == DEPLOY


def test_an_empty_one() -> None:
    empty = DeployFile("b2")
    assert DeployFile.from_toml(empty.to_toml()) == empty


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "this is not a build for a server"),
        ("", "cannot be used: 'version'"),
        ("version = 2", "cannot be used: its version is 2; this ssg reads 1"),
        ("version =", "cannot be used: Invalid value"),
        (DEPLOY.to_toml().replace("/old/*", "old"), "cannot be used"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / DEPLOY_FILE).write_text(text)
    with pytest.raises(ServeError) as caught:
        read_deploy_file(tmp_path)
    assert message in str(caught.value)
    assert str(tmp_path / DEPLOY_FILE) in str(caught.value)
