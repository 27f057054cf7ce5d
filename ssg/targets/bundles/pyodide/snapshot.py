"""A snapshot of Python's memory, ready to render: it saves a function a second at each start.

A start initialises the interpreter, imports modules and compiles regular expressions, the same ones
every time. So this is done once, in Node, when the bundle is made: `make-snapshot.cjs` starts
Pyodide, runs `warm_up.py`, which renders a page, and writes the memory of the WebAssembly to a
file. A function reads it into fresh memory (`lib/load_python.js`), and goes on where the warm-up
ended.

- The file contains runs of memory that are not zero, after a table of where each goes.
- Clock, random numbers and times of files are fixed meanwhile. The same code gives the same bytes,
  so a file that the host has is not uploaded again.
- It contains no data of a site: it depends on code alone, and all sites share it.
- Snapshots are an undocumented interface of Pyodide. Its version is pinned, and a function starts
  without a snapshot if loading it fails.
"""

from __future__ import annotations

from pathlib import Path

from ssg.targets.bundles.pyodide import run_node

SNAPSHOT_MAKER = Path(__file__).parent / "make-snapshot.cjs"
WARM_UP = Path(__file__).parent / "warm_up.py"


def make_snapshot(pyodide: Path, code_folder: Path, output: Path) -> None:
    """Run Python in Node with the `code.zip` of `code_folder`, and write its memory to `output`."""
    run_node.run(SNAPSHOT_MAKER, pyodide, code_folder, WARM_UP, output)
