"""No secret of a source is in anything that a build writes or says."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from ssg.model.errors import SourceDataError
from tests.build.live.live_site import CONFIG, FILES, PATHS, build_live
from tests.json_api import json_api

CANARY = "canary-b41d/77+x"
_QUOTED = CANARY.replace("/", "%2F").replace("+", "%2B")
SPELLINGS = (CANARY, _QUOTED, b64encode(CANARY.encode()).decode())
HEADERS = 'headers = { Authorization = "Bearer ${API_TOKEN}", X-Basic = "${API_TOKEN}" }\n'
SITE = {
    **FILES,
    "ssg.toml": (CONFIG + PATHS).replace(
        'url = "${API_URL}"\n', f'url = "${{API_URL}}"\n{HEADERS}'
    ),
}


def _written(root: Path) -> list[str]:
    """Files with a secret in their name or content."""
    found = [file for file in root.rglob("*") if file.is_file()]
    return [
        str(file)
        for file in found
        if any(one.encode() in file.read_bytes() or one in file.name for one in SPELLINGS)
    ]


@pytest.mark.parametrize("target", ["netlify", "server"])
def test_a_build_writes_no_secret(tmp_path: Path, target: str) -> None:
    with json_api(posts=3) as api:
        env = {"API_URL": api.url, "API_TOKEN": CANARY, "OTHER": CANARY}
        echo = SITE["ssg.toml"].replace('path = "/users/{user}"', 'path = "/fault/echo"')
        template = {"templates/post.html": "{{ user_of.headers }}"}
        built = build_live(tmp_path, {**SITE, **template, "ssg.toml": echo}, env, target)
        assert {one.headers.get("authorization") for one in api.seen} == {f"Bearer {CANARY}"}
    assert built.report.live.critical == 3
    assert _written(tmp_path) == []
    assert not any(one in repr(built.report) for one in SPELLINGS)


@pytest.mark.parametrize("path", ["/fault/status/500", "/fault/html", "/nothing", "/fault/echo"])
def test_an_error_says_no_secret(tmp_path: Path, path: str) -> None:
    with json_api(posts=3) as api:
        env = {"API_URL": api.url, "API_TOKEN": CANARY}
        broken = SITE["ssg.toml"].replace('path = "/popular?limit=300"', f'path = "{path}"')
        with pytest.raises(SourceDataError) as caught:
            build_live(tmp_path, {**SITE, "ssg.toml": broken}, env)
    assert not any(one in str(caught.value) for one in SPELLINGS)
    assert _written(tmp_path) == []
