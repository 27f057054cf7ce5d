"""A snapshot of Python's memory, ready to render: it spares the builder a second at each start.

It holds no site's data, so it depends on code alone. Snapshots are an interface of Pyodide without
documentation: its version is pinned, and the function starts without one where loading it fails.
"""

from __future__ import annotations

from pathlib import Path

from ssg.targets.bundles.pyodide import node_scripts

MAKER = Path(__file__).parent / "make-snapshot.cjs"
REHEARSAL = Path(__file__).parent / "rehearsal.py"


def make_snapshot(pyodide: Path, code_folder: Path, output: Path) -> None:
    """Run Python in Node with the `code.zip` of `code_folder`, and write its memory to `output`."""
    node_scripts.run(MAKER, pyodide, code_folder, REHEARSAL, output)
