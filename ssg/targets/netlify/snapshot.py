"""A snapshot of Python's memory, ready to render: it spares the builder a second at each start.

It holds no site's data, so it depends on code alone. Snapshots are an interface of Pyodide without
documentation: its version is pinned, and the function starts without one where loading it fails.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from ssg.model.errors import Problem, TargetError
from ssg.targets.netlify import npm

MAKER = Path(__file__).parent / "make-snapshot.cjs"
REHEARSAL = Path(__file__).parent / "rehearsal.py"

_MAKE_SECONDS = 120
_ERROR_LINES = 3


def make_snapshot(pyodide: Path, code_folder: Path, output: Path) -> None:
    """Run Python in Node with the `code.zip` of `code_folder`, and write its memory to `output`."""
    command = [npm.node(), str(MAKER), str(pyodide), str(code_folder), str(REHEARSAL), str(output)]
    try:
        result = subprocess.run(  # noqa: S603 our own words
            command, capture_output=True, text=True, check=False, timeout=_MAKE_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise _failed(f"no end after {_MAKE_SECONDS} seconds") from error
    if result.returncode != 0 or not output.is_file():
        raise _failed("; ".join(result.stderr.strip().splitlines()[-_ERROR_LINES:]))


def _failed(reason: str) -> TargetError:
    return TargetError(Problem(f"Python could not be prepared for the builder: {reason}"))
