"""Leaves out of Pyodide what a builder cannot use, which each start would pay for.

What Pyodide could load at run time, libraries in C and graphics, needs thousands of names bound at
each start, a third of the time to a first page. None can be loaded here: the network is not asked.
"""

from __future__ import annotations

from pathlib import Path

from ssg.targets.bundles.pyodide import npm, run_node

TREE_SHAKER = Path(__file__).parent / "tree-shake.cjs"


def tree_shake(pyodide: Path, *users: Path) -> None:
    """Rewrite the files in the folder `pyodide`. `users` are scripts that name parts of it."""
    acorn = npm.package_folder(npm.ACORN) / "dist" / "acorn.js"
    run_node.run(TREE_SHAKER, acorn, pyodide, *users)
