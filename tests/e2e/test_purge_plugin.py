"""The build plugin of the documentation, which purges after a deploy, in Netlify's own command."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.conftest import write
from tests.docs.examples import File, steps
from tests.e2e.netlify import REPOSITORY, netlify_build
from tests.targets.purge.fake_host import fake_host

pytestmark = [pytest.mark.node, pytest.mark.netlify, pytest.mark.xdist_group("netlify")]

TOML = """\
[build]
  publish = "public"
  command = "true"

[[context.production.plugins]]
  package = "/plugins/purge"
"""


def site(root: Path) -> Path:
    page = (REPOSITORY / "content/docs/purging.md").read_text("utf-8")
    files = {step.name: step.text for step in steps(page) if isinstance(step, File)}
    assert files.keys() == {"plugins/purge/index.js", "plugins/purge/manifest.yml"}
    assert TOML.partition("\n\n")[2] in page
    plugin = files["plugins/purge/index.js"]
    assert plugin.count('"70"') == 1
    files["plugins/purge/index.js"] = plugin.replace('"70"', '"1"')
    changes = {"since": "1", "build": "2", "tags": ["site"], "pages": [], "everything": False}
    more = {"netlify.toml": TOML, ".ssg/changes.json": json.dumps(changes), "public/a.txt": ""}
    write(root, {**files, **more})
    return root


def test_the_plugin_purges_after_a_production_build_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = site(tmp_path / "site")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    with fake_host([401, 202]) as api:
        ours = {
            "NETLIFY_API_URL": api.url, "NETLIFY_AUTH_TOKEN": "nfp_secret",
            "NETLIFY_SITE_ID": "site-1", "PYTHONPATH": str(REPOSITORY),
        }  # fmt: skip
        failed = netlify_build(folder, **ours)
        purged = netlify_build(folder, **ours)
        netlify_build(folder, "--context", "deploy-preview", **ours)
    assert "Netlify answered with status 401" in failed
    assert "nfp_secret" not in failed
    assert "Netlify: 1 tag purged again" in purged
    assert [received.path for received in api.received] == ["/api/v1/purge"] * 3
    asked = [received.json for received in api.received]
    assert asked == [{"site_id": "site-1", "cache_tags": ["site"]}] * 3
