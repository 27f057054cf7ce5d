"""Writes the folder of the function that makes variants of pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ssg.model.errors import Location, Problem, TargetError
from ssg.model.images.settings import ImageSettings
from ssg.model.queries.site import Site
from ssg.redirects.header_rule import HeaderRule
from ssg.redirects.site_headers import compiled
from ssg.targets.bundles.pyodide import function_size
from ssg.targets.bundles.pyodide.bundle import LIBRARY_FOLDER
from ssg.targets.bundles.pyodide.emit_function import HEADERS, put_package
from ssg.targets.bundles.pyodide.function_size import FileSize
from ssg.targets.bundles.pyodide.link_or_copy import LinkOrCopy
from ssg.targets.bundles.pyodide.npm import NpmPackage
from ssg.targets.bundles.pyodide.site_function import emitted_size
from ssg.targets.netlify.function import LIMITS, FunctionKind, function_settings
from ssg.targets.netlify.images.packages import PACKAGES
from ssg.targets.netlify.images.pictures_table import pictures_table, sha256_name
from ssg.targets.target import EmitContext, EmittedSize

SOURCES = Path(__file__).parent
ENTRY = "ssg-images"
TABLE = "pictures.json"
ORIGINALS = "pictures"
"""The folder of the pictures that the function has with it."""
UNREADABLE = frozenset({"bmp"})
"""Formats that sharp does not read, but Pillow does."""
ORIGINALS_BYTES = 30_000_000
"""The function has so many bytes of small pictures with it; it fetches the others."""


def unreadable_pictures(site: Site) -> Iterator[Problem]:
    """Warn of each picture whose variants the function cannot make."""
    for picture in site.pictures():
        if picture.format in UNREADABLE and picture.has_variants and picture.deferred is not False:
            message = f"the function on Netlify cannot read {picture.format.upper()} pictures"
            hint = "Save it as PNG, or let the build make its variants: deferred = false"
            yield Problem(message, Location(picture.source), hint)


def image_packages(kind: FunctionKind) -> tuple[NpmPackage, ...]:
    """The npm packages of the function."""
    return (*PACKAGES, *kind.packages)


@dataclass(frozen=True, slots=True)
class NetlifyImageFunction:
    """What a function for pictures is made of, beside the pictures of its site."""

    name: str
    kind: FunctionKind
    paths: Sequence[str] = ()
    """Its own paths, if redirect rules do not lead to it."""
    headers: Sequence[HeaderRule] = ()
    """The headers of the site that it adds to its answers."""
    guards: Sequence[HeaderRule] = ()
    """The rules of the site that ask for passwords."""


def emit_images(
    context: EmitContext,
    images: ImageSettings,
    function: NetlifyImageFunction,
    before: Path | None = None,
) -> EmittedSize:
    """Write the function into the folder of its name in the target's work folder.

    Files that the function of the build `before` has, too, are linked instead of copied. Raises
    TargetError if the function is too large for Netlify.
    """
    folder = context.work_dir / function.name
    put = LinkOrCopy(folder, before)
    packages = image_packages(function.kind)
    named = [file for one in packages for file in put_package(put, one)]
    named += _write_sources(folder, function)
    named += _write_table(folder, context, images, function.guards)
    originals = list(_put_originals(put, context))
    sizes = [function_size.estimate(folder / one, folder) for one in named]
    size = function_size.measure(originals, sizes, folder, LIMITS)
    if problems := function_size.problems(size, LIMITS):
        raise TargetError(problems)
    return emitted_size(size, LIMITS)


def _write_sources(folder: Path, function: NetlifyImageFunction) -> list[str]:
    """Write the entry, its library, its settings and its headers. Returns their names."""
    name, suffix = function.name, function.kind.suffix
    library = [*SOURCES.glob("lib/*.js"), LIBRARY_FOLDER / "headers.js"]
    files = {
        **{f"lib/{one.name}": one.read_text("utf-8") for one in sorted(library)},
        f"{name}{suffix}": function.kind.entry(function.paths, source=SOURCES / f"{ENTRY}{suffix}"),
        f"{name}.json": function_settings(name, "Variants of pictures"),
        HEADERS: compiled(function.headers).decode(),
    }
    (folder / "lib").mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        (folder / file).write_text(text, "utf-8")
    return list(files)


def _write_table(
    folder: Path, context: EmitContext, images: ImageSettings, guards: Sequence[HeaderRule]
) -> list[str]:
    site = context.site
    lines = pictures_table(site.pictures(), site.recipes(), images, context.files, guards)
    with (folder / TABLE).open("w", encoding="utf-8", newline="") as table:
        table.writelines(lines)
    return [TABLE]


def _put_originals(put: LinkOrCopy, context: EmitContext) -> Iterator[FileSize]:
    """Put small pictures into the function, the smallest first."""
    wanted = (one for one in context.site.pictures() if one.has_variants)
    files = ((sha256_name(one), context.original(one)) for one in wanted)
    found = {name: file for name, file in files if file.is_file()}
    by_size = sorted((file.stat().st_size, name, file) for name, file in found.items())
    for size, name, file in _within(by_size, ORIGINALS_BYTES):
        put(file, f"{ORIGINALS}/{name}")
        yield FileSize(f"{ORIGINALS}/{name}", size, size)


def _within(
    by_size: Iterable[tuple[int, str, Path]], budget: int
) -> Iterator[tuple[int, str, Path]]:
    for one in by_size:
        budget -= one[0]
        if budget < 0:
            return
        yield one
