"""The command line as a whole: exit codes, help, errors."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import ssg as package
from ssg.cli import app
from ssg.model.errors import ContentError
from ssg.model.texts import MissingBlock
from tests.cli.conftest import Ran
from tests.conftest import BARE, write

Ssg = Callable[..., Ran]


def test_help_lists_the_commands(ssg: Ssg) -> None:
    for arguments in (("--help",), ("-h",)):
        ran = ssg(*arguments)
        assert ran.status == 0
        assert all(name in ran.out for name in ("build", "serve", "plan", "explain", "verify"))


def test_the_version_is_printed(ssg: Ssg) -> None:
    assert ssg("--version") == Ran(0, f"ssg {package.__version__}\n", "")
    assert ssg("-V").out == ssg("--version").out


@pytest.mark.parametrize(
    "arguments", [("nope",), ("build", "--nope"), ("build", "extra"), ("explain",)]
)
def test_an_invalid_call_is_status_2(ssg: Ssg, arguments: tuple[str, ...]) -> None:
    ran = ssg(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert "Usage" in ran.err


@pytest.mark.parametrize("command", [("build",), ("plan",), ("explain", "/"), ("build", "-q")])
def test_all_errors_go_to_stderr_in_order_and_status_is_1(
    ssg: Ssg, command: tuple[str, ...]
) -> None:
    files = {
        "content/b.md": "---\nttl: x\nslug: 2\n---\n",
        "content/a.md": "---\n",
        "data/x.json": "{",
    }
    ran = ssg(*command, files=files)
    assert (ran.status, ran.out) == (1, "")
    errors = [line for line in ran.err.splitlines() if ": error: " in line]
    assert [line.partition(": error")[0] for line in errors] == [
        "content/a.md:1:1", "content/b.md:2:1", "content/b.md:3:1", "data/x.json:1:2",
    ]  # fmt: skip
    assert "4 errors" in ran.err.splitlines()[-1]


def test_a_folder_without_a_site_is_an_error(ssg: Ssg, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ran = ssg("build", "--root", "empty")
    assert ran.status == 1
    assert ran.err.startswith("error: there is no site in ")
    assert "--root" in ran.err


def test_debug_shows_the_traceback(ssg: Ssg, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ContentError):
        ssg("build", "--debug", files={"content/a.md": "---\n"})
    monkeypatch.setenv("SSG_DEBUG", "1")
    with pytest.raises(ContentError):
        ssg("build")


def _in_a_shell(
    root: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    repository = str(Path(package.__file__).parents[1])
    return subprocess.run(
        [sys.executable, "-m", "ssg", *arguments],
        cwd=root, env={**os.environ, "PYTHONPATH": repository, **environment},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_a_pipe_and_no_color_are_plain(tmp_path: Path) -> None:
    write(tmp_path, {**BARE, "content/a.md": "[x](nope.md)"})
    piped = _in_a_shell(tmp_path, "build")
    assert piped.returncode == 1
    assert "\x1b" not in piped.stdout + piped.stderr
    assert 'content/a.md:1: error: the link "nope.md"' in piped.stderr
    coloured = _in_a_shell(tmp_path, "build", FORCE_COLOR="1")
    assert "\x1b[" in coloured.stderr
    assert "\x1b[3" not in _in_a_shell(tmp_path, "build", FORCE_COLOR="1", NO_COLOR="1").stderr


def test_json_errors_are_alone_on_stdout(tmp_path: Path) -> None:
    write(tmp_path, {**BARE, "content/a.md": "---\n"})
    done = _in_a_shell(tmp_path, "build", "--json")
    assert done.returncode == 1
    assert done.stdout.startswith('{\n  "errors": [')
    assert "content/a.md:1:1: error: " in done.stderr


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['ssg', '--help']\n"
        "from ssg.cli.app import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'jinja2', 'mistune', 'yaml', 'starlette', 'uvicorn', 'diskcache'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(28, "No space left on device", "/x/y"), "error: the disk of /x is full."),
        (OSError(5, "Input/output error", "/x/y"), "error: cannot use /x/y: Input/output error\n"),
        (FileNotFoundError(2, "No such file"), "error: the current folder no longer exists."),
        (sqlite3.OperationalError("database or disk is full"), " is full. Free some space there"),
        (MissingBlock("abc"), "error: the texts of the site lack the block abc. Build again"),
    ],
)
def test_faults_of_the_system_are_problems(
    error: BaseException,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(_: object) -> None:
        raise error

    monkeypatch.setattr(app, "command_line", fail)
    with pytest.raises(SystemExit) as ended:
        app.main()
    assert ended.value.code == 1
    assert told in capsys.readouterr().err


def test_a_mistake_of_ssg_shows_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise sqlite3.OperationalError("no such table: page")

    monkeypatch.setattr(app, "command_line", fail)
    with pytest.raises(sqlite3.OperationalError):
        app.main()
