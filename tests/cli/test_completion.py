"""Shell completion."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import ssg as package
from tests.cli.conftest import Ran
from tests.conftest import BARE, write

Ssg = Callable[..., Ran]
FILES = {
    **BARE,
    "content/blog/_index.md": "",
    "content/blog/boats.md": "",
    "archetypes/blog.md": "",
    "themes/harbour/theme.toml": "",
}


@pytest.fixture
def complete(tmp_path: Path) -> Callable[..., list[str]]:
    """The words that bash offers."""
    write(tmp_path, FILES)

    def run(*words: str) -> list[str]:
        environment = {
            **os.environ,
            "PYTHONPATH": str(Path(package.__file__).parents[1]),
            "_SSG_COMPLETE": "complete_bash",
            "COMP_WORDS": " ".join(["ssg", *words]),
            "COMP_CWORD": str(len(words)),
        }
        code = "import sys; sys.argv = ['ssg']; from ssg.cli.app import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env=environment, timeout=60,
            capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout.split()

    return run


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("ne",), ["new"]),
        (("new", "page", "bl"), ["blog/"]),
        (("new", "page", "x", "--kind", ""), ["blog", "default"]),
        (("new", "site", "x", "--theme", "har"), ["harbour"]),
        (("theme", "eject", "term"), ["term.html"]),
        (("theme", "show", "harb"), ["harbour"]),
        (("config", "markdown.high"), ["markdown.highlight"]),
        (("list", "--section", "bl"), ["blog/"]),
        (("explain", "/blog"), []),
    ],
)
def test_names_of_the_site_are_offered(
    complete: Callable[..., list[str]], words: tuple[str, ...], offered: list[str]
) -> None:
    assert complete(*words) == offered


def test_pages_are_those_of_the_last_build(complete: Callable[..., list[str]], ssg: Ssg) -> None:
    assert ssg("build").status == 0
    assert complete("explain", "/blog") == ["/blog/", "/blog/boats/"]
    assert complete("purge", "/blog/bo") == ["/blog/boats/"]


def test_a_site_that_cannot_be_read_offers_nothing(
    complete: Callable[..., list[str]], tmp_path: Path
) -> None:
    write(tmp_path, {"ssg.toml": "titel = 1"})
    assert complete("theme", "eject", "p") == []
