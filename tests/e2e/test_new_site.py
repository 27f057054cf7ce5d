"""A new site is deployed as it stands: Netlify's own CLI runs the build that netlify.toml names."""

from __future__ import annotations

import datetime as dt
import os
import venv
from pathlib import Path

import pytest

from ssg.scaffold.new_site import OLDER, NewSiteOptions, new_site
from tests.conftest import NOW
from tests.e2e.netlify import netlify_build
from tests.e2e.test_netlify import call

pytestmark = [pytest.mark.node, pytest.mark.netlify, pytest.mark.xdist_group("netlify")]


def test_netlify_installs_what_the_site_names_and_builds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In an environment of Python that holds nothing but pip, as that of a build machine."""
    work = tmp_path / "work"
    venv.create(work / "venv", with_pip=True)
    monkeypatch.setenv("PATH", f"{work / 'venv/bin'}:{os.environ['PATH']}")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    made = new_site(work / "site", NewSiteOptions(title="Boats"), NOW + dt.timedelta(days=30))
    log = netlify_build(made.folder)
    assert "Successfully installed" in log
    assert "10 critical, 1 deferred" in log
    bundle = made.folder / ".netlify/functions/ssg-pages.zip"
    (answer,) = call(bundle, tmp_path, f"/blog/{OLDER}/")
    assert answer["statusCode"] == 200
    assert "A post from the archive" in answer["body"]
