"""Writes the folder of a function: the bundle, the parts of its host, and the files of its site.

Small sites have their texts in the function. If it would come near the limits of its host, the
texts are files of the deploy instead, and `blocks.bin` says which of them each page needs. If it
comes near them even so, the function gets a lean copy of the database (`lean_database`).
"""

from __future__ import annotations

import contextlib
import json
import shutil
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ssg.model.database import open_readonly
from ssg.model.errors import TargetError
from ssg.model.page import NOT_FOUND_FILE
from ssg.model.texts import FOLDER
from ssg.redirects.header_rule import HeaderRule
from ssg.redirects.site_headers import compiled
from ssg.runtime.caching import NEVER_STORED, Caching
from ssg.runtime.host import RuntimeHost
from ssg.runtime.pyodide import BYTECODE
from ssg.runtime.respond import missing_caching
from ssg.targets.bundles.pyodide import function_size, npm
from ssg.targets.bundles.pyodide.bundle import Bundle, bundle
from ssg.targets.bundles.pyodide.function_size import FileSize, FunctionSize, SizeLimits
from ssg.targets.bundles.pyodide.lean_database import lean_copy, offloaded_blocks
from ssg.targets.bundles.pyodide.link_or_copy import LinkOrCopy
from ssg.targets.bundles.pyodide.npm import NpmPackage
from ssg.targets.bundles.pyodide.path_index import block_numbers, by_prefix
from ssg.targets.bundles.pyodide.template_bytecode import compiled_templates

DATABASE = "site.db"
ERRORS = "errors.json"
HOST = "host.json"
HEADERS = "headers.json"
PATHS = "paths.bin"
BLOCK_NUMBERS = "blocks.bin"

PAGE_TAG_SLOT = "{page}"
"""Stands for the tag of the path in the headers of a 404 (`lib/pages.js`)."""

OFFLOADED_FOLDER = ".offloaded"
"""A folder beside the new function, for the blocks of the lean copy of a database."""

NEAR = 0.05
"""A function that comes so near a limit without any text gets a lean copy of the database."""

_DEFERRED = """
    SELECT page.path, block_id FROM page
    LEFT JOIN page AS original ON page.kind = 'fallback'
        AND original.path = json_extract(page.front, '$.original')
    LEFT JOIN body ON page_id = coalesce(original.id, page.id)
    WHERE page.deferred ORDER BY page.path
"""


@dataclass(frozen=True, slots=True)
class FunctionInputs:
    """What a site puts into its function. `texts` is the setting of that name."""

    database: Path
    not_found: bytes = b""
    texts: str = "auto"
    errors: Mapping[str, str] = field(default_factory=dict)
    """The error pages of languages, by the folder of each: `/fr/`."""
    headers: Sequence[HeaderRule] = ()
    """The headers that the function adds to its answers."""
    live: Mapping[str, bytes] = field(default_factory=dict)
    """The files for live pages (`live_files`)."""


@dataclass(frozen=True, slots=True)
class HostParts:
    """What a host adds to a function: its entry and settings, npm packages, limits, and itself.

    The entry gives requests to `Pages` in `lib/pages.js`, and its answers to the host.
    """

    files: Mapping[str, bytes]
    packages: tuple[NpmPackage, ...]
    limits: SizeLimits
    host: RuntimeHost


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


@dataclass(frozen=True, slots=True)
class _Draft:
    """A function that is being written. `own` has the sizes of its files beside the bundle's."""

    folder: Path
    bundle: Bundle
    limits: SizeLimits
    own: dict[str, FileSize]

    def add(self, name: str) -> None:
        """Count a file that was written, or written again."""
        self.own[name] = function_size.estimate(self.folder / name, self.folder)

    def size(self, blocks: Iterable[Path] = ()) -> FunctionSize:
        known = (*self.bundle.files, *function_size.packed(blocks))
        return function_size.measure(known, self.own.values(), self.folder, self.limits)


def emit_function(
    function_dir: Path, inputs: FunctionInputs, host: HostParts, before: Path | None = None
) -> PackageReport:
    """Write a function into the empty folder `function_dir`.

    Files that the function of the build `before` has, too, are linked instead of copied.

    Raises TargetError where a tool is missing or the function is too large for the host.
    """
    started = time.perf_counter()
    shared = bundle()
    digests = _digests(inputs.database)
    pages = _deferred(inputs.database, digests)
    texts = inputs.database.parent / FOLDER
    blocks = [texts / digest for digest in sorted(set(digests.values()))]
    put = LinkOrCopy(function_dir, before)
    for file in shared.files:
        put(shared.folder / file.name, file.name)
    draft = _Draft(function_dir, shared, host.limits, {})
    for name in (*_put_packages(put, host), *_write(function_dir, shared, inputs, pages, host)):
        draft.add(name)
    size = draft.size(blocks)
    publishes = _publishes(inputs.texts, size, host.limits)
    if publishes:
        blocks += _publish(draft, inputs.database, pages.values())
        size = draft.size()
    if problems := function_size.problems(size, host.limits):
        raise TargetError(problems)
    for block in () if publishes else blocks:
        put(block, f"{FOLDER}/{block.name}")
    return PackageReport(
        zipped_bytes=size.zipped_bytes,
        zipped_is_estimate=size.zipped_is_estimate,
        unzipped_bytes=size.unzipped_bytes,
        heaviest=size.heaviest,
        published=tuple(blocks) if publishes else (),
        snapshot_reused=shared.reused,
        seconds=time.perf_counter() - started,
    )


def _publishes(texts: str, whole: FunctionSize, limits: SizeLimits) -> bool:
    """Whether the texts are files of the deploy. `whole` is the size of the function with them."""
    return function_size.is_tight(whole, limits) if texts == "auto" else texts == "publish"


def _deferred(database: Path, digests: Mapping[int, str]) -> dict[bytes, tuple[str, str | None]]:
    """Deferred pages by prefix, each with its path and the block that contains its text.

    `digests` are those of the blocks, by their ids.
    """
    with contextlib.closing(open_readonly(database)) as connection:
        rows = connection.execute(_DEFERRED)
        return by_prefix((path, (path, digests.get(block_id))) for path, block_id in rows)


def _publish(
    draft: _Draft, database: Path, pages: Collection[tuple[str, str | None]]
) -> list[Path]:
    """Write which blocks of the deploy each page needs.

    If the function comes near the limits even without texts, its database is replaced by a lean
    copy. Returns the blocks of the columns that the copy lacks.
    """
    blocks: list[Path] = []
    offloaded: Mapping[str, str] = {}
    if function_size.is_tight(draft.size(), draft.limits, NEAR):
        lean = draft.folder / DATABASE
        lean.unlink()
        blocks = lean_copy(database, lean, draft.folder.with_name(OFFLOADED_FOLDER))
        offloaded = offloaded_blocks(lean)
        draft.add(DATABASE)
    numbers = block_numbers((text, offloaded.get(path)) for path, text in pages)
    (draft.folder / BLOCK_NUMBERS).write_bytes(numbers)
    draft.add(BLOCK_NUMBERS)
    return blocks


def _digests(database: Path) -> dict[int, str]:
    """The blocks that a database uses, by their ids; its folder may contain others."""
    with contextlib.closing(open_readonly(database)) as connection:
        return dict(connection.execute("SELECT id, digest FROM block").fetchall())


def _put_packages(put: LinkOrCopy, host: HostParts) -> list[str]:
    """Returns the names of the files."""
    return [name for package in host.packages for name in put_package(put, package)]


def put_package(put: LinkOrCopy, package: NpmPackage) -> list[str]:
    """Put a package into `node_modules`. Returns the names of its files."""
    folder, place = npm.package_folder(package), f"node_modules/{package.name}"
    files = npm.package_files(package)
    for file in files:
        put(folder / file, f"{place}/{file}")
    return [f"{place}/{file}" for file in files]


def _write(
    folder: Path,
    shared: Bundle,
    inputs: FunctionInputs,
    prefixes: Iterable[bytes],
    host: HostParts,
) -> list[str]:
    """Write the files of the site and the entry of the host. Returns their names."""
    errors = json.dumps(inputs.errors, ensure_ascii=False).encode()
    written = {
        NOT_FOUND_FILE: inputs.not_found,
        ERRORS: errors,
        HOST: _host_file(host.host, _build_id(inputs.database)).encode(),
        HEADERS: compiled(inputs.headers),
        PATHS: b"".join(prefixes),
        **inputs.live,
        **host.files,
    }
    for name, content in written.items():
        (folder / name).write_bytes(content)
    shutil.copyfile(inputs.database, folder / DATABASE)
    shutil.copyfile(compiled_templates(inputs.database, shared), folder / BYTECODE)
    return [*written, DATABASE, BYTECODE]


def _host_file(host: RuntimeHost, build_id: str) -> str:
    """The host of the function, and the headers of what `lib/pages.js` answers without Python."""
    answers = {"missing": missing_caching(PAGE_TAG_SLOT, build_id), "failed": NEVER_STORED}
    prepared = {name: _prepared(host, caching) for name, caching in answers.items()}
    return json.dumps({"runtime": asdict(host), **prepared})


def _build_id(database: Path) -> str:
    with contextlib.closing(open_readonly(database)) as connection:
        (found,) = connection.execute("SELECT value FROM meta WHERE key = 'build_id'").fetchone()
    return str(found)


def _prepared(host: RuntimeHost, caching: Caching) -> dict[str, object]:
    return {"headers": host.headers(caching), "freshSeconds": caching.fresh_seconds}
