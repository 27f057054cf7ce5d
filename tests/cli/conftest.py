"""Running commands in this process, as `main` runs them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ssg.cli.app import main
from tests.conftest import BARE, write


@dataclass(frozen=True, slots=True)
class Ran:
    """The status and the output of a command."""

    status: int
    out: str
    err: str


@pytest.fixture
def ssg(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """Run `ssg` in a site of some files: `ssg("build", "--json", files={...})`."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1769860800")  # NOW of tests.conftest
    monkeypatch.delenv("SSG_DEBUG", raising=False)

    def run(*arguments: str, files: dict[str, str] | None = None) -> Ran:
        if not (tmp_path / "ssg.toml").exists():
            write(tmp_path, BARE)
        write(tmp_path, files or {})
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("sys.argv", ["ssg", *arguments])
        status: object = 0
        try:
            main()
        except SystemExit as end:
            status = end.code
        captured = capsys.readouterr()
        return Ran(int(str(status or 0)), captured.out, captured.err)

    return run
