"""The parts that Netlify adds to a bundle: entry, settings, place."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from ssg.model.settings import TargetSettings
from ssg.runtime.http import Request
from ssg.targets.bundles.pyodide.emit_function import FunctionInputs, emit_function
from ssg.targets.netlify.function import FUNCTIONS_FOLDER, host_parts, local_function
from tests.e2e.netlify import cli
from tests.targets.conftest import NOT_FOUND, EmittedFunction

pytestmark = pytest.mark.node


def test_the_settings_name_the_folders_final_place(tmp_path: Path, site_db: Path) -> None:
    emit_function(
        tmp_path, FunctionInputs(site_db), host_parts(TargetSettings(function="other-name"))
    )
    settings = json.loads((tmp_path / "other-name.json").read_text())
    assert settings["version"] == 1
    assert settings["config"]["nodeBundler"] == "none"
    assert settings["config"]["includedFiles"] == [".netlify/functions-internal/other-name/**"]
    assert (tmp_path / "other-name.js").is_file()


def test_a_builder_is_asked_at_its_own_address_too(function: EmittedFunction) -> None:
    page, own = "/blog/short-lived/", "/.netlify/builders/ssg-pages"
    with local_function(function.folder) as host:
        answers = [host.answer(Request("GET", path)) for path in (page, own + page)]
        assert answers[0] == answers[1]
        assert answers[0].caching.fresh_seconds == 120
        for other in (own, f"{own}x{page}", "/.netlify/builders/other" + page):
            assert host.answer(Request("GET", other)).status == 404


@pytest.mark.netlify
@pytest.mark.xdist_group("netlify")
def test_netlifys_own_bundler_takes_the_folder_as_it_is(
    function: EmittedFunction, tmp_path: Path
) -> None:
    site, unzipped = tmp_path / "site", tmp_path / "unzipped"
    shutil.copytree(function.folder, site / FUNCTIONS_FOLDER / "ssg-pages")
    (site / "public").mkdir()
    (site / "netlify.toml").write_text('[build]\npublish = "public"\ncommand = "true"\n')
    subprocess.run(
        [cli(), "build", "--offline"],
        cwd=site,
        env={**os.environ, "CI": "1"},
        check=True,
        capture_output=True,
        timeout=120,
    )
    bundled = site / ".netlify/functions/ssg-pages.zip"
    assert bundled.stat().st_size == pytest.approx(function.report.zipped_bytes, rel=0.05)
    with zipfile.ZipFile(bundled) as zipped:
        zipped.extractall(unzipped)
    with local_function(unzipped) as host:
        assert host.answer(Request("GET", "/blog/short-lived/")).status == 200
        assert host.answer(Request("GET", "/nowhere/")).body.decode() == NOT_FOUND
