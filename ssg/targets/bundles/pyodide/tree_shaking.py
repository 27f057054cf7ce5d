"""Removes code from Pyodide that a function never uses: every start would pay for it.

Pyodide can load C libraries, graphics and sound at run time. For that it exports 8,560 functions of
its WebAssembly, and binding them takes a third of the time to a first page. A function loads no
library, because it must not use the network, so this code is dead.

`tree-shake.cjs` finds what is alive, as bundlers of JavaScript do. It parses `pyodide.asm.mjs` with
acorn and splits it into parts: declarations and statements. Statements stay. A declaration stays if
a name that it defines is used by a part that stays, by the imports of the WebAssembly, or by one of
the given scripts. Then the exports of the WebAssembly that no remaining part uses are removed from
its binary, too: 218 stay. A test imports the whole standard library with and without.
"""

from __future__ import annotations

from pathlib import Path

from ssg.targets.bundles.pyodide import npm, run_node

TREE_SHAKER = Path(__file__).parent / "tree-shake.cjs"


def tree_shake(pyodide: Path, *users: Path) -> None:
    """Rewrite the files in the folder `pyodide`. `users` are scripts that use parts of it."""
    acorn = npm.package_folder(npm.ACORN) / "dist" / "acorn.js"
    run_node.run(TREE_SHAKER, acorn, pyodide, *users)
