"""Whole sites, byte by byte: `sites/<name>/` builds to `sites/<name>/expected/`.

A new site is a new folder; UPDATE_EXPECTED=1 writes what it builds to.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.conftest import build_site

SITES = sorted(path for path in (Path(__file__).parent / "sites").iterdir() if path.is_dir())


def _tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize("folder", SITES, ids=lambda folder: folder.name)
def test_a_site_builds_to_what_is_expected(folder: Path, tmp_path: Path) -> None:
    root, expected = tmp_path / "site", folder / "expected"
    shutil.copytree(folder, root, ignore=shutil.ignore_patterns("expected"))
    output = build_site(root).report.output
    if os.environ.get("UPDATE_EXPECTED"):
        shutil.rmtree(expected, ignore_errors=True)
        shutil.copytree(output, expected)
    found = _tree(output)
    assert sorted(found) == sorted(_tree(expected))
    for name, data in _tree(expected).items():
        assert found[name].decode() == data.decode(), name
