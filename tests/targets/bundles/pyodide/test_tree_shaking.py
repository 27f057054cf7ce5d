"""Pyodide without what a builder cannot use."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from ssg.targets.bundles.pyodide import npm
from ssg.targets.bundles.pyodide.bundle import LIBRARY_FOLDER, bundle
from ssg.targets.bundles.pyodide.tree_shaking import TREE_SHAKER, tree_shake

pytestmark = pytest.mark.node

SLIM = """
const [slimmer, acorn, source, ...seeds] = process.argv.slice(1);
const { slimScript } = require(slimmer);
console.log(slimScript(require(acorn), source, seeds, ['glClear']).text);
"""

EVERYTHING = """
import ctypes, importlib, json, sys
not_tried = {"antigravity", "idlelib", "this", "tkinter", "turtle", "turtledemo"}
failed = {}
for name in sorted(sys.stdlib_module_names - not_tried):
    try:
        importlib.import_module(name)
    except Exception as error:
        failed[name] = str(error)
import bz2, hashlib, lzma, socket, sqlite3
worked = [bz2.compress(b"x").hex(), lzma.compress(b"x").hex(), hashlib.new("sha3_256").hexdigest()]
worked += [sqlite3.connect(":memory:").execute("SELECT 1").fetchall(), socket.gethostname()]
worked += [ctypes.sizeof(ctypes.c_long), str(ctypes.pythonapi.Py_IncRef)[:6]]
json.dumps([failed, worked], default=str)
"""


def slimmed(source: str, *seeds: str) -> str:
    acorn = npm.package_folder(npm.ACORN) / "dist" / "acorn.js"
    command = [npm.node(), "-e", SLIM, str(TREE_SHAKER), str(acorn), source, *seeds]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_what_nothing_names_goes_and_what_does_something_stays() -> None:
    source = (
        "async function make(Module){"
        "function used(){return helper()}function helper(){return Module['taken']}"
        "function unused(){return unusedToo()}var unusedToo=()=>1;"
        "unused.sig='v';used.sig='v';Module['unused']=unused;Module['taken']=taken;"
        "function taken(){return 3}var a=1,b=a;var table={used};"
        "function assignWasmExports(wasmExports){"
        "_f=Module['_f']=wasmExports['f'];_g=Module['_g']=wasmExports['g']}"
        "var _f,_g;var wasmImports={unused:unused,given:used};"
        "run(_f,table);return Module}export default make;"
    )
    text = slimmed(source, "import given", "abort", "assignWasmExports", "wasmImports")
    assert text == (
        "async function make(Module){"
        'var noGraphics=()=>abort("no graphics here");noGraphics.sig="v";'
        "function used(){return helper()}function helper(){return Module['taken']}"
        "used.sig='v';Module['taken']=taken;"
        "function taken(){return 3}var a=1,b=a;var table={used};"
        "function assignWasmExports(wasmExports){_f=Module['_f']=wasmExports['f'];}"
        "var _f;var wasmImports={given:used,glClear:noGraphics};"
        "run(_f,table);return Module}export default make;"
    )


def test_most_exports_go(tmp_path: Path) -> None:
    whole = npm.package_folder(npm.PYODIDE)
    shutil.copytree(whole, tmp_path / "pyodide")
    tree_shake(tmp_path / "pyodide", LIBRARY_FOLDER / "load_python.js")
    for name in ("pyodide.asm.mjs", "pyodide.asm.wasm"):
        kept = bundle().folder / "node_modules" / "pyodide" / name
        assert (tmp_path / "pyodide" / name).read_bytes() == kept.read_bytes()
    assert exports(whole) > 8000
    assert exports(tmp_path / "pyodide") < 300


def exports(pyodide: Path) -> int:
    script = (
        "const bytes = require('fs').readFileSync(process.argv[1]);"
        "console.log(WebAssembly.Module.exports(new WebAssembly.Module(bytes)).length)"
    )
    command = [npm.node(), "-e", script, str(pyodide / "pyodide.asm.wasm")]
    return int(subprocess.run(command, capture_output=True, check=True).stdout)


def test_python_can_do_what_it_can_do_with_all_of_pyodide(tmp_path: Path) -> None:
    """Every module of the standard library is imported, with and without."""
    files = bundle().folder
    whole = Path(shutil.copytree(npm.package_folder(npm.PYODIDE), tmp_path / "pyodide"))
    shutil.copyfile(
        files / "node_modules/pyodide/pyodide-lock.json", whole / "pyodide-lock.json"
    )  # without it both would ask for packages
    assert tried(files / "node_modules" / "pyodide", files) == tried(whole, files)


def tried(pyodide: Path, files: Path) -> object:
    script = (
        "const [python, pyodide, files, code] = process.argv.slice(1);"
        "require(python).loadPlain(pyodide, files).then((loaded) => {"
        "console.log(loaded.runPython(code)); process.exit(0); });"
    )
    library = LIBRARY_FOLDER / "load_python.js"
    command = [npm.node(), "-e", script, str(library), str(pyodide), str(files), EVERYTHING]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=200)
    return json.loads(done.stdout.splitlines()[-1])
