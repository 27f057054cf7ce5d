"""Opens the user's editor."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

from ssg.model.errors import Problem, ScaffoldError


def open_editor(file: Path) -> None:
    """Open a file in `$VISUAL` or `$EDITOR`, and wait until it is closed."""
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")
    if not command:
        hint = "Set VISUAL or EDITOR to a command that opens a file"
        raise ScaffoldError(Problem("no editor is set", None, hint))
    try:
        done = subprocess.run([*command, str(file)], check=False)  # noqa: S603 the user's own
    except OSError as error:
        message = f"cannot start {command[0]}: {error.strerror}"
        raise ScaffoldError(Problem(message)) from error
    if done.returncode:
        raise ScaffoldError(Problem(f"{command[0]} ended with status {done.returncode}"))
