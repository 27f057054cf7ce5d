"""Runs Node scripts of this package while a bundle is made."""

from __future__ import annotations

import subprocess
from pathlib import Path

from ssg.model.errors import Problem, TargetError
from ssg.targets.bundles.pyodide import npm

_SECONDS = 120
_ERROR_LINES = 3


def run(script: Path, *arguments: Path) -> None:
    """Run a script. If it fails, raises TargetError with the last lines of its message."""
    command = [npm.node(), str(script), *map(str, arguments)]
    try:
        result = subprocess.run(  # noqa: S603 our own words
            command, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise _failed(f"it takes more than {_SECONDS} seconds") from error
    if result.returncode != 0:
        raise _failed("; ".join(result.stderr.strip().splitlines()[-_ERROR_LINES:]))


def _failed(reason: str) -> TargetError:
    return TargetError(Problem(f"Python could not be prepared for the function: {reason}"))
