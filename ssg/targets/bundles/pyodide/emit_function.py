"""Writes the folder of an emitted function: what Netlify deploys as it is.

Layout and settings follow Netlify's Frameworks API: `.netlify/functions-internal/NAME/NAME.js`
with `NAME.json` beside it.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import ssg
from ssg.model.database import open_readonly
from ssg.model.errors import TargetError
from ssg.model.texts import FOLDER
from ssg.runtime.pyodide import BYTECODE
from ssg.targets.bundles.pyodide import function_size
from ssg.targets.bundles.pyodide.bundle import FUNCTION_FOLDER, Bundle, bundle
from ssg.targets.bundles.pyodide.function_size import FileSize, FunctionSize
from ssg.targets.bundles.pyodide.lean_database import lean_copy, offloaded_blocks
from ssg.targets.bundles.pyodide.link_or_copy import LinkOrCopy
from ssg.targets.bundles.pyodide.path_index import block_numbers, by_prefix
from ssg.targets.bundles.pyodide.template_bytecode import compiled_templates

FUNCTIONS_FOLDER = ".netlify/functions-internal"
"""Where Netlify looks for functions that a generator made, relative to the site's root."""

DEFAULT_NAME = "ssg-pages"

ERRORS = "errors.json"

TEXTS_PATH = "/_ssg/texts/"
"""Where the blocks of texts are in a deploy whose function does not hold them (`lib/texts.js`)."""

OFFLOADED_FOLDER = ".offloaded"
"""A folder beside the new function, for the blocks of a lean copy."""

NEAR = 0.05
"""So near a limit, without any text in it, a function is given a lean copy of the database."""


_DEFERRED = """
    SELECT page.path, block_id FROM page
    LEFT JOIN page AS original ON page.kind = 'fallback'
        AND original.path = json_extract(page.front, '$.original')
    LEFT JOIN body ON page_id = coalesce(original.id, page.id)
    WHERE page.deferred ORDER BY page.path
"""


@dataclass(frozen=True, slots=True)
class FunctionInputs:
    """What a site brings to its function. `texts` is the setting of that name."""

    database: Path
    not_found: bytes = b""
    texts: str = "auto"
    errors: Mapping[str, str] = field(default_factory=dict)
    """The error pages of languages, by the folder of each: `/fr/`."""


@dataclass(frozen=True, slots=True)
class PackageReport:
    """What was written, and how large it is."""

    zipped_bytes: int
    zipped_is_estimate: bool
    unzipped_bytes: int
    heaviest: tuple[FileSize, ...]
    published: tuple[Path, ...]
    """Blocks of texts that the deploy has to hold, because the function does not."""
    snapshot_reused: bool
    seconds: float


def emit_function(
    function_dir: Path,
    contents: FunctionInputs,
    name: str = DEFAULT_NAME,
    before: Path | None = None,
) -> PackageReport:
    """Write a function into the empty folder `function_dir`, whatever that is called by now.

    What the function of the build `before` has in common with it is taken from there.

    Raises TargetError where a tool is missing or the function is too large for the host.
    """
    started = time.perf_counter()
    shared = bundle()
    digests = _digests(contents.database)
    pages = _deferred(contents.database, digests)
    texts = contents.database.parent / FOLDER
    blocks = [texts / digest for digest in sorted(set(digests.values()))]
    place = LinkOrCopy(function_dir, before)
    for file in shared.files:
        place(shared.folder / file.name, file.name)
    written = _write(function_dir, shared, contents, pages, name)
    own = {file.name: function_size.estimate(file, function_dir) for file in written}
    measured = function_size.measure(
        (*shared.files, *function_size.packed(blocks)), own.values(), function_dir
    )
    publishes = _publishes(contents.texts, measured)
    if publishes:
        blocks += _publish(function_dir, contents.database, pages.values(), shared, own)
        measured = function_size.measure(shared.files, own.values(), function_dir)
    if problems := function_size.problems(measured):
        raise TargetError(problems)
    for block in () if publishes else blocks:
        place(block, f"{FOLDER}/{block.name}")
    return PackageReport(
        zipped_bytes=measured.zipped_bytes,
        zipped_is_estimate=measured.zipped_is_estimate,
        unzipped_bytes=measured.unzipped_bytes,
        heaviest=measured.heaviest,
        published=tuple(blocks) if publishes else (),
        snapshot_reused=shared.reused,
        seconds=time.perf_counter() - started,
    )


def _publishes(texts: str, whole: FunctionSize) -> bool:
    """Whether the deploy holds the texts, and not the function. `whole` is its size with them."""
    return function_size.is_tight(whole) if texts == "auto" else texts == "publish"


def _deferred(database: Path, digests: Mapping[int, str]) -> dict[bytes, tuple[str, str | None]]:
    """Deferred pages by prefix, each with its path and the block that the text is in that it
    shows. `digests` are those of the blocks, by their ids."""
    with contextlib.closing(open_readonly(database)) as connection:
        rows = connection.execute(_DEFERRED)
        return by_prefix((path, (path, digests.get(block_id))) for path, block_id in rows)


def _publish(
    folder: Path,
    database: Path,
    pages: Collection[tuple[str, str | None]],
    shared: Bundle,
    own: dict[str, FileSize],
) -> list[Path]:
    """Write which blocks of the deploy each page needs. Where there is no room for all facts
    either, the function has less of them: returns the blocks that have the rest.

    `own` are the function's own files, which these change."""
    blocks: list[Path] = []
    apart: Mapping[str, str] = {}
    if function_size.is_tight(function_size.measure(shared.files, own.values(), folder), NEAR):
        lean = folder / "site.db"
        lean.unlink()
        blocks = lean_copy(database, lean, folder.with_name(OFFLOADED_FOLDER))
        apart = offloaded_blocks(lean)
        own[lean.name] = function_size.estimate(lean, folder)
    numbers = folder / "blocks.bin"
    numbers.write_bytes(block_numbers((text, apart.get(path)) for path, text in pages))
    own[numbers.name] = function_size.estimate(numbers, folder)
    return blocks


def _digests(database: Path) -> dict[int, str]:
    """The blocks that a database counts on, by their ids; others may be beside it."""
    with contextlib.closing(open_readonly(database)) as connection:
        return dict(connection.execute("SELECT id, digest FROM block").fetchall())


def _write(
    folder: Path, shared: Bundle, contents: FunctionInputs, prefixes: Iterable[bytes], name: str
) -> list[Path]:
    """Returns the files that the bundle does not have."""
    (folder / "404.html").write_bytes(contents.not_found)
    (folder / ERRORS).write_text(json.dumps(contents.errors, ensure_ascii=False), "utf-8")
    (folder / "paths.bin").write_bytes(b"".join(prefixes))
    shutil.copyfile(FUNCTION_FOLDER / "ssg-pages.js", folder / f"{name}.js")
    (folder / f"{name}.json").write_text(json.dumps(_settings(name), indent=2) + "\n")
    shutil.copyfile(contents.database, folder / "site.db")
    shutil.copyfile(compiled_templates(contents.database, shared), folder / BYTECODE)
    names = ("404.html", ERRORS, "paths.bin", f"{name}.js", f"{name}.json", "site.db", BYTECODE)
    return [folder / file_name for file_name in names]


def _settings(name: str) -> dict[str, object]:
    """The function's settings file. `none` leaves the folder as it is: nothing is traced."""
    config = {
        "name": "Deferred pages",
        "generator": f"ssg@{ssg.__version__}",
        "nodeBundler": "none",
        "includedFiles": [f"{FUNCTIONS_FOLDER}/{name}/**"],
    }
    return {"version": 1, "config": config}
