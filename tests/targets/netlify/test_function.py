"""The parts that Netlify adds to a bundle: entry, settings, place."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from ssg.model.settings import TargetSettings
from ssg.model.urls import quote_path
from ssg.render.dependencies.tags import page_tag
from ssg.runtime.caching import MISSING_SECONDS, NEVER_STORED
from ssg.runtime.http import Request
from ssg.targets.bundles.pyodide.emit_function import FunctionInputs, emit_function
from ssg.targets.netlify.function import FUNCTIONS_FOLDER, host_parts, local_function
from tests.e2e.netlify import cli
from tests.targets.conftest import ERRORS, NOT_FOUND, EmittedFunction

pytestmark = pytest.mark.node

FUNCTION = TargetSettings("netlify", "function")


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


@pytest.fixture(scope="module")
def modern(tmp_path_factory: pytest.TempPathFactory, site_db: Path) -> Path:
    """A function of the same site, which keeps its responses over deploys."""
    folder = tmp_path_factory.mktemp("function")
    inputs = FunctionInputs(site_db, NOT_FOUND.encode(), errors=ERRORS)
    emit_function(folder, inputs, host_parts(replace(FUNCTION, keep_cache=True), ["/blog/*"]))
    return folder


def test_a_function_is_one_file_beside_the_same_bundle(
    modern: Path, function: EmittedFunction
) -> None:
    files, builder = names(modern), names(function.folder)
    packages = {name for name in builder if name.startswith("node_modules/@netlify")}
    assert packages
    assert files ^ builder == {"ssg-pages.mjs", "ssg-pages.js", *packages}


def test_the_source_has_its_configuration_for_netlifys_bundler(modern: Path) -> None:
    source = (modern / "ssg-pages.mjs").read_text("utf-8")
    config = source.partition("export const config = ")[2].partition(";\n")[0]
    assert json.loads(config) == {
        "nodeBundler": "none",
        "includedFiles": ["**"],
        "path": ["/blog/*"],
        "preferStatic": True,
        "method": ["GET", "HEAD"],
    }


def test_a_function_answers_as_a_builder_with_headers_for_its_cache(
    modern: Path, function: EmittedFunction
) -> None:
    paths = [quote_path(path) for path in function.paths]
    others = ["/blog/k%C3%A4se", "/blog/k%C3%A4se/index.html", "/fr/x/", "/no?", "/%zz", "/%ff"]
    with local_function(function.folder) as old, local_function(modern, FUNCTION) as new:
        for path in (*paths, *others):
            one, other = (host.answer(Request("GET", path)) for host in (old, new))
            assert (one.status, one.body) == (other.status, other.body)
            if one.status < 500:  # nobody caches these, whatever a builder says
                assert one.caching.fresh_seconds == other.caching.fresh_seconds
            theirs = dict(other.headers)
            for name in [name for name in theirs if name.startswith("netlify-")]:
                del theirs[name]
            assert theirs == {name.lower(): value for name, value in one.headers.items()}


def test_a_function_says_to_the_cache_how_long_and_what_for(modern: Path) -> None:
    with local_function(modern, FUNCTION) as host:
        page, missing, broken = (
            host.answer(Request("GET", path))
            for path in ("/blog/short-lived/", "/blog/no/", "/broken/")
        )
    assert page.caching.fresh_seconds == 120
    assert page_tag("/blog/short-lived/") in page.caching.tags
    assert page.headers["netlify-cache-id"] == "ssg"
    assert page.headers["netlify-vary"] == "query=_ssg"
    assert missing.caching.fresh_seconds == MISSING_SECONDS
    assert page_tag("/blog/no/") in missing.caching.tags
    assert (broken.status, broken.caching) == (500, NEVER_STORED)
    assert broken.headers["cache-control"] == "no-store"


def test_a_function_sends_no_body_with_head_and_refuses_other_methods(modern: Path) -> None:
    path = "/blog/short-lived/"
    with local_function(modern, FUNCTION) as host:
        got, head, post = (host.answer(Request(m, path)) for m in ("GET", "HEAD", "POST"))
    assert (head.status, head.body, head.headers) == (200, b"", got.headers)
    assert (post.status, post.headers["allow"], post.caching) == (405, "GET, HEAD", NEVER_STORED)


def test_a_function_is_asked_at_its_own_address_where_rules_lead_to_it(modern: Path) -> None:
    page, own = "/blog/short-lived/", "/.netlify/functions/ssg-pages"
    with local_function(modern, FUNCTION) as host:
        assert host.answer(Request("GET", own + page)) == host.answer(Request("GET", page))
        for other in (own, f"{own}x{page}", "/.netlify/builders/ssg-pages" + page):
            assert host.answer(Request("GET", other)).status == 404


def test_a_function_logs_as_a_builder_and_needs_no_python_for_unknown_paths(modern: Path) -> None:
    lines: list[str] = []
    with local_function(modern, FUNCTION, log=lines.append) as host:
        host.answer(Request("GET", "/blog/no/"))
        host.answer(Request("GET", "/blog/short-lived/"))
    first, second = map(json.loads, lines)
    assert (first["path"], first["status"], first["boot_ms"]) == ("/blog/no/", 404, 0)
    assert (second["status"], second["kind"], second["boot_ms"] > 0) == (200, "miss", True)


def test_responses_are_forgotten_at_a_deploy_unless_they_are_to_be_kept(
    tmp_path: Path, site_db: Path
) -> None:
    emit_function(tmp_path, FunctionInputs(site_db), host_parts(FUNCTION))
    with local_function(tmp_path, FUNCTION) as host:
        found = host.answer(Request("GET", "/blog/short-lived/"))
    assert "netlify-cache-id" not in found.headers
    assert host_parts(TargetSettings(keep_cache=True)).host.cache_id == ""  # a builder


def names(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


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
