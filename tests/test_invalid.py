"""Broken sites, and the exact words for what is wrong: `invalid/<name>/error.txt`.

Files that a folder lacks come from the bare theme. UPDATE_EXPECTED=1 writes the words.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ssg.model.errors import SsgError, summarize
from tests.conftest import BARE, build_site, write

SITES = sorted((Path(__file__).parent / "invalid").iterdir())


def _link_out(root: Path) -> None:
    write(root, {"secret.txt": "secret"})
    (root / "content" / "stolen.md").symlink_to("../secret.txt")


def _not_utf8(root: Path) -> None:
    write(root, {"content/latin.md": "---\ntitle: One\n---\n\nna\xefve\n".encode("latin-1")})


PREPARATIONS: Mapping[str, Callable[[Path], None]] = {
    "symlink-out": _link_out,
    "not-utf8": _not_utf8,
    "foreign-file": lambda root: write(root, {"public/post/index.html": "mine"}),
}
"""What cannot lie in a repository."""


@pytest.mark.parametrize("folder", SITES, ids=lambda folder: folder.name)
def test_a_broken_site_is_told_of_in_these_words(folder: Path, tmp_path: Path) -> None:
    root = tmp_path / "site"
    write(root, BARE)
    shutil.copytree(folder, root, dirs_exist_ok=True)
    PREPARATIONS.get(folder.name, lambda _: None)(root)
    with pytest.raises(SsgError) as caught:
        build_site(root, target=_target(root))
    problems = summarize(caught.value.problems)
    text = "".join(f"{problem}\n" for problem in problems).replace(str(root), "ROOT")
    if os.environ.get("UPDATE_EXPECTED"):
        (folder / "error.txt").write_text(text)
    assert text == (folder / "error.txt").read_text()


def _target(root: Path) -> str:
    return "netlify" if 'name = "netlify"' in (root / "ssg.toml").read_text() else "static"


def test_words_begin_small_and_end_without_a_period() -> None:
    """A hint is a sentence of its own after the message; neither ends in a period."""
    for folder in SITES:
        for line in (folder / "error.txt").read_text().splitlines():
            message = line.split(": ", 1)[-1] if ":" in line.split(" ")[0] else line
            assert not line.endswith("."), line
            is_name = re.match(r"TOML|YAML|JSON|Jinja|[A-Z]\w*Error: ", message)
            assert not message[0].isupper() or is_name, line


def test_every_folder_is_used() -> None:
    assert set(PREPARATIONS) <= {folder.name for folder in SITES}
