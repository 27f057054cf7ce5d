"""The commands of the platform, as an administrator of the machine types them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from blog.__main__ import app
from tests.platform.cluster import EXAMPLE, environment_of


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Settings of a platform with an empty database."""
    secret = "s" * 40
    return {
        **environment_of(EXAMPLE),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'blog.db'}",
        "SITE_URL": "http://127.0.0.1:1",
        "SSG_JWT_SECRET": secret,
        "SSG_PURGE_SECRET": secret,
    }


def run(
    environment: dict[str, str], *words: str, entered: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "blog", *words],
        env={**os.environ, **environment},
        input=entered,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_readme_lists_all_commands() -> None:
    text = (EXAMPLE / "README.md").read_text("utf-8")
    listed = re.findall(r"^\| `python -m blog ([a-z-]+)", text, re.M)
    help_text = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).stdout
    assert listed == re.findall(r"^│ ([a-z]+(?:-[a-z]+)*) ", help_text, re.M)


def test_a_database_is_made_filled_and_given_an_administrator(environment: dict[str, str]) -> None:
    assert "0001_tables.sql" in run(environment, "migrate").stdout
    assert run(environment, "migrate").stdout == "The database is up to date.\n"
    assert len(run(environment, "demo").stdout.splitlines()) == 5
    assert run(environment, "make-admin", "mira").returncode == 0
    done = run(environment, "set-password", "mira", entered="a rather new password\n")
    assert done.stdout == "mira has a new password. All sessions have ended.\n"


def test_what_is_wrong_is_said_in_a_line(environment: dict[str, str]) -> None:
    run(environment, "migrate")
    for words, entered, message in (
        (["make-admin", "nobody"], "", "error: There is no account 'nobody'.\n"),
        (["set-password", "mira"], "short\n", "error: A password has at least 10 characters"),
        (["import-reads", "nothing.json"], "", "error: there is no "),
    ):
        done = run(environment, *words, entered=entered)
        assert (done.returncode, done.stderr[: len(message)]) == (1, message)
    url = "sqlite:////nowhere/blog.db"
    done = run({**environment, "DATABASE_URL": url}, "migrate")
    message = "error: the database of DATABASE_URL cannot be used: unable to open database file\n"
    assert (done.returncode, done.stderr) == (1, message)
    done = run({**environment, "SSG_JWT_SECRET": "short"}, "migrate")
    assert done.stderr == "error: SSG_JWT_SECRET has fewer than 32 characters\n"


def test_the_description_of_the_api_needs_no_settings() -> None:
    done = run(environment_of(EXAMPLE), "openapi")
    assert done.returncode == 0, done.stderr
    assert "/api/posts/{user}/{slug}" in json.loads(done.stdout)["paths"]
