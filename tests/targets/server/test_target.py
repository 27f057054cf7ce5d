"""The folder `dist/` that a build for a server writes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ssg.build.layout import Layout
from ssg.build.publish.clean import clean
from ssg.config.load import load
from ssg.edge.page_function import function_in_process
from ssg.model.errors import ConfigError
from ssg.model.texts import FOLDER
from ssg.runtime.http import Request
from ssg.targets.bundles.native.bundle import DATABASE
from ssg.targets.bundles.native.deploy_file import DEPLOY_FILE, PUBLIC, read_deploy_file
from tests.conftest import build_site, write
from tests.server_site import SERVER_SITE, build_for_server


def test_a_build_can_be_moved_anywhere(tmp_path: Path) -> None:
    built = build_for_server(tmp_path / "site")
    moved = tmp_path / "elsewhere"
    shutil.copytree(built.root / "dist", moved)
    page = built.render("/blog/a/")
    shutil.rmtree(built.root)
    assert {entry.name for entry in moved.iterdir()} == {PUBLIC, DATABASE, FOLDER, DEPLOY_FILE}
    deploy = read_deploy_file(moved)
    answer = function_in_process(moved / DATABASE, deploy.function, deploy.deferred_headers)
    response = answer(Request("GET", "/blog/a/"))
    assert (response.status, response.body.decode()) == (200, page)
    assert response.headers["x-a"] == "1"


def test_the_rules_lead_to_the_function(tmp_path: Path) -> None:
    built = build_for_server(tmp_path)
    deploy = read_deploy_file(built.root / "dist")
    assert list(map(str, deploy.redirects)) == [
        "/x /about/ 302",
        "/old-b/ /blog/b/ 301",
        "/blog/* /_ssg/functions/ssg-pages 200",
    ]
    assert deploy.keep_cache and deploy.build_id == built.report.build_id


def test_only_blocks_that_the_site_needs_are_there(tmp_path: Path) -> None:
    built = build_for_server(tmp_path)
    first = set((built.root / "dist" / FOLDER).iterdir())
    write(tmp_path, {"content/blog/a.md": "---\ntitle: A\ndeferred: true\n---\nNew text"})
    built = build_for_server(tmp_path, {})
    second = set((built.root / "dist" / FOLDER).iterdir())
    assert second and first.isdisjoint(second)


def test_another_folder_and_cleaning(tmp_path: Path) -> None:
    built = build_for_server(tmp_path, output_dir="out/server")
    assert (built.root / "out/server/public/about/index.html").is_file()
    assert (built.root / "out/server" / DEPLOY_FILE).is_file()
    project = load(tmp_path, overrides={("output_dir",): "out/server"})
    clean(Layout.of(project))
    assert not (tmp_path / "out/server" / DEPLOY_FILE).exists()
    assert not (tmp_path / "out/server" / FOLDER).exists()


def test_the_folder_of_the_results_is_in_the_site(tmp_path: Path) -> None:
    write(tmp_path / "site", SERVER_SITE)
    with pytest.raises(ConfigError, match="is outside of the site"):
        load(tmp_path / "site", overrides={("output_dir",): str(tmp_path / "out")})


def test_a_rule_for_another_server_is_a_warning(tmp_path: Path) -> None:
    rules = {"static/_redirects": "/api/* https://api.example.org/:splat 200\n"}
    built = build_for_server(tmp_path, {**SERVER_SITE, **rules})
    assert [str(one) for one in built.report.warnings] == [
        "static/_redirects:1:1: `/api/* https://api.example.org/:splat 200`: a server of ssg does "
        "not pass requests on. Answer it in front of the server, or with another host"
    ]


def test_a_build_without_a_package_has_rules_only(tmp_path: Path) -> None:
    write(tmp_path, SERVER_SITE)
    built = build_site(tmp_path, target="server")
    assert built.report.builder == "/_ssg/functions/ssg-pages"
    assert [entry.name for entry in (tmp_path / "dist").iterdir()] == [PUBLIC]
