"""Writes the folder of an emitted function: what Netlify deploys as it is.

Layout and settings follow Netlify's Frameworks API: `.netlify/functions-internal/NAME/NAME.js`
with `NAME.json` beside it.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import ssg
from ssg.model.errors import TargetError
from ssg.targets.netlify import size
from ssg.targets.netlify.bundle import FUNCTION_FOLDER, Bundle, bundle
from ssg.targets.netlify.paths import path_prefixes
from ssg.targets.netlify.size import FileSize

FUNCTIONS_FOLDER = ".netlify/functions-internal"
"""Where Netlify looks for functions that a generator made, relative to the site's root."""

DEFAULT_NAME = "ssg-pages"


@dataclass(frozen=True, slots=True)
class PackageReport:
    """What was written, and how large it is."""

    zipped_bytes: int
    zipped_is_estimate: bool
    unzipped_bytes: int
    heaviest: tuple[FileSize, ...]
    snapshot_reused: bool
    seconds: float


def emit(
    function_dir: Path,
    site_db: Path,
    deferred_paths: Iterable[str],
    not_found: bytes,
    name: str = DEFAULT_NAME,
) -> PackageReport:
    """Write a function into the empty folder `function_dir`, whatever that is called by now.

    Raises TargetError where a tool is missing or the function is too large for the host.
    """
    started = time.perf_counter()
    shared = bundle()
    own = _write(function_dir, shared, site_db, path_prefixes(deferred_paths), not_found, name)
    measured = size.measure(shared.files, own, function_dir)
    if problems := size.problems(measured):
        raise TargetError(problems)
    return PackageReport(
        zipped_bytes=measured.zipped_bytes,
        zipped_is_estimate=measured.zipped_is_estimate,
        unzipped_bytes=measured.unzipped_bytes,
        heaviest=measured.heaviest,
        snapshot_reused=shared.reused,
        seconds=time.perf_counter() - started,
    )


def _write(
    folder: Path, shared: Bundle, site_db: Path, prefixes: bytes, not_found: bytes, name: str
) -> list[Path]:
    """Returns the files that the bundle does not have.

    Copies, not links: a file in the cache must not change when somebody writes to a function,
    nor a deployed database when the next build writes to its own.
    """
    shutil.copytree(shared.folder, folder, dirs_exist_ok=True)
    contents = {
        "404.html": not_found,
        "paths.bin": prefixes,
        f"{name}.js": (FUNCTION_FOLDER / "ssg-pages.js").read_bytes(),
        f"{name}.json": json.dumps(_settings(name), indent=2).encode() + b"\n",
    }
    for file_name, content in contents.items():
        (folder / file_name).write_bytes(content)
    shutil.copyfile(site_db, folder / "site.db")
    return [folder / file_name for file_name in (*contents, "site.db")]


def _settings(name: str) -> dict[str, object]:
    """The function's settings file. `none` leaves the folder as it is: nothing is traced."""
    config = {
        "name": "Deferred pages",
        "generator": f"ssg@{ssg.__version__}",
        "nodeBundler": "none",
        "includedFiles": [f"{FUNCTIONS_FOLDER}/{name}/**"],
    }
    return {"version": 1, "config": config}
