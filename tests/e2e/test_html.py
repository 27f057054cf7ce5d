"""Every page of this repository's own site is valid HTML, critical or deferred."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.theme_site import build_theme_site
from tests.parity.conftest import REPOSITORY, whole_documentation

VALIDATOR = REPOSITORY / "tests/e2e/checks/node_modules/.bin/html-validate"
STANDARD = {"root": True, "extends": ["html-validate:standard"]}


def validate(folder: Path) -> subprocess.CompletedProcess[str]:
    if not VALIDATOR.exists():
        assert not os.environ.get("CI"), "html-validate is not installed"
        pytest.skip("html-validate is not installed: npm install --prefix tests/e2e/checks")
    rules = folder.parent / "rules.json"
    rules.write_text(json.dumps(STANDARD))
    command = [VALIDATOR, "--config", rules, f"{folder}/**/*.html"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@pytest.mark.node
def test_every_page_of_the_documentation_is_valid_html(tmp_path: Path) -> None:
    """Of the code reference, whose pages have one template, one of ten."""
    folder = whole_documentation(tmp_path).output
    pages = sorted(file.relative_to(folder) for file in folder.rglob("*.html"))
    reference = [page for page in pages if page.parts[0] == "api"]
    for page in {*pages} - {*reference} | {*reference[::10]}:
        (tmp_path / "some" / page.parent).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / page, tmp_path / "some" / page)
    assert len(reference) > 500
    found = validate(tmp_path / "some")
    assert found.returncode == 0, found.stdout


@pytest.mark.node
@pytest.mark.parametrize("theme", ["default", "plain"])
def test_every_template_of_a_theme_makes_valid_html(tmp_path: Path, theme: str) -> None:
    found = validate(build_theme_site(tmp_path, theme))
    assert found.returncode == 0, found.stdout


@pytest.mark.node
def test_the_validator_finds_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    (tmp_path / "public/index.html").write_text("<!doctype html><p><div></p>")
    assert validate(tmp_path / "public").returncode == 1
