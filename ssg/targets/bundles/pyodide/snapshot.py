"""A snapshot of Python's memory, ready to render: it spares the builder a second at each start.

It holds no site's data, so it depends on code alone. Snapshots are an interface of Pyodide without
documentation: its version is pinned, and the function starts without one where loading it fails.
"""

from __future__ import annotations

from pathlib import Path

from ssg.targets.bundles.pyodide import run_node

SNAPSHOT_MAKER = Path(__file__).parent / "make-snapshot.cjs"
WARM_UP = Path(__file__).parent / "warm_up.py"


def make_snapshot(pyodide: Path, code_folder: Path, output: Path) -> None:
    """Run Python in Node with the `code.zip` of `code_folder`, and write its memory to `output`."""
    run_node.run(SNAPSHOT_MAKER, pyodide, code_folder, WARM_UP, output)
