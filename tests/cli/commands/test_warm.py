"""`ssg warm`, against a preview."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from ssg.build.layout import Layout
from ssg.build.pipeline import build
from ssg.cli.options import build_options, read_project
from tests.cli.serving import SITE, serving, ssg
from tests.conftest import Silent, write


def built(root: Path) -> None:
    write(root, SITE)
    project = read_project(root)
    build(project, Layout.of(project), build_options(project, package=False), Silent())


def test_deferred_pages_are_requested_and_then_hits(tmp_path: Path) -> None:
    built(tmp_path)
    with serving(tmp_path, "--quiet") as served:
        done = ssg(tmp_path, "warm", served.url, "--rate", "50")
        assert (done.returncode, done.stderr) == (0, "warm (2)\n")
        assert done.stdout.startswith("2 of 2 pages answered\n")
        assert "status   200 2\n" in done.stdout
        assert "cache    uri-miss 2\n" in done.stdout
        assert served.get("/blog/new/")[1]["x-ssg-source"] == "hit"
        again = ssg(tmp_path, "warm", served.url, "--all", "--json")
        assert [each["outcome"] for each in json.loads(again.stdout)] == ["hit", "hit"]
        first = json.loads(ssg(tmp_path, "warm", served.url, "--top", "1", "--json").stdout)
        assert [each["path"] for each in first] == ["/blog/new/"]


def test_a_page_that_fails_is_named_and_the_others_are_requested(tmp_path: Path) -> None:
    built(tmp_path)
    (tmp_path / "paths.txt").write_text("# mine\n/blog/gone/\n/blog/new/\n")
    with serving(tmp_path, "--quiet") as served:
        done = ssg(tmp_path, "warm", served.url, "--from", "paths.txt", "--rate", "50")
    assert done.returncode == 1
    assert "/blog/gone/: 404\n" in done.stderr
    assert "1 of 2 pages answered" in done.stdout


def test_what_cannot_begin_is_an_error(tmp_path: Path) -> None:
    built(tmp_path)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    (tmp_path / "paths.txt").write_text("/a/\nb\nhttps://other.example/\n")
    (tmp_path / "empty").mkdir()
    cases = {
        ("warm", f"http://127.0.0.1:{port}/"): "the site does not answer",
        ("warm", "ftp://example.org/"): '"ftp://example.org/" is not the address of a site',
        ("warm", "http://x/", "--from", "paths.txt"): 'paths.txt:2: error: "b" is not a path',
        ("warm", "http://x/", "--from", "none.txt"): "none.txt: error: cannot read it",
        ("warm", "http://x/", "--from", "ssg.toml"): "ssg.toml:1: error:",
    }
    for words, expected in cases.items():
        done = ssg(tmp_path, *words)
        assert done.returncode == 1
        assert expected in done.stderr
    assert "2 errors" in ssg(tmp_path, "warm", "http://x/", "--from", "paths.txt").stderr


@pytest.mark.parametrize("words", [("--all",), ()])
def test_without_a_build_there_is_nothing_to_request(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    write(tmp_path, SITE)
    done = ssg(tmp_path, "warm", "http://127.0.0.1:1/", *words)
    assert done.returncode == 1
    assert "Run ssg build" in done.stderr


def test_one_choice_at_a_time(tmp_path: Path) -> None:
    done = ssg(tmp_path, "warm", "http://127.0.0.1:1/", "--all", "--top", "3")
    assert done.returncode == 2
