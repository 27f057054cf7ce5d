"""The programs of the guide "A blogging platform" have no hole, although they are small."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.examples import File, steps

pytest.importorskip("argon2")

GUIDE = Path(__file__).parents[2] / "content/docs/guides/a-blogging-platform.md"
CHECKS = Path(__file__).parent / "platform_guide_checks.py"
SETTINGS = {
    "SITE_URL": "https://words.example.org",
    "SSG_JWT_SECRET": "j" * 40,
    "SSG_PURGE_SECRET": "p" * 40,
}


def _checks() -> list[str]:
    """The functions whose names are sentences."""
    nodes = ast.parse(CHECKS.read_text("utf-8")).body
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    return [function.name for function in functions if function.name.count("_") > 1]


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run the checks in a folder with the Python files of the guide."""
    folder = tmp_path_factory.mktemp("programs")
    shutil.copy(CHECKS, folder)
    for step in steps(GUIDE.read_text("utf-8")):
        if isinstance(step, File) and step.name.endswith(".py"):
            (folder / step.name).write_text(step.text, "utf-8")
    for program in ("database.py", CHECKS.name):
        done = subprocess.run(
            [sys.executable, program], cwd=folder, env={**os.environ, **SETTINGS},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_what_the_guide_names_is_in_the_example() -> None:
    example = GUIDE.parents[3] / "examples/blog-platform"
    names = re.findall(
        r"`((?:blog|netlify|static)/[\w./]*|compose\.yaml)`", GUIDE.read_text("utf-8")
    )
    assert len(names) > 5
    assert [name for name in names if not (example / name).exists()] == []


@pytest.mark.parametrize("check", _checks())
def test_the_api_of_the_guide(check: str, failures: dict[str, str]) -> None:
    assert failures[check] == ""
