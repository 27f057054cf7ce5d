"""Writes variants of pictures, from the cache or made now, several pictures at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from ssg.build.publish.written_files import WrittenFile, write_file
from ssg.content.structure.pictures import BrokenPicture
from ssg.images.encoder_pool import EncoderPool
from ssg.images.maker import VariantMaker
from ssg.images.picture_error import PictureError
from ssg.images.variant_cache import VariantCache
from ssg.model.images.settings import ImageSettings
from ssg.model.images.variant import Variant

_LASTING = ("is damaged", "is truncated")
"""How reasons begin that follow from the content alone."""


@dataclass(slots=True)
class WrittenVariants:
    """The variants of some pictures, as files."""

    files: dict[str, WrittenFile] = field(default_factory=dict)
    """By file name."""
    broken: list[BrokenPicture] = field(default_factory=list)
    """Pictures that cannot be decoded."""
    encoded: int = 0
    """The number of variants that were not in the cache."""


def write_variants(
    variants: Iterable[Variant],
    root: Path,
    folder: Path,
    cache: VariantCache,
    settings: ImageSettings,
    processes: int,
    advance: Callable[[int], None],
) -> WrittenVariants:
    """Write variants into a folder, from the cache or made now.

    Each picture is decoded once for all its variants. No more pictures are in memory than there are
    processes.
    """
    made = WrittenVariants()
    pool = EncoderPool(processes, max_pixels=settings.max_pixels)
    with pool, ThreadPoolExecutor(processes) as threads:
        maker = VariantMaker(cache, pool, settings)

        def write(wanted: Sequence[Variant]) -> WrittenVariants:
            return _write(maker, root / wanted[0].picture.source, wanted, folder)

        for result in threads.map(write, _by_picture(variants)):
            made.files |= result.files
            made.broken += result.broken
            advance(len(result.files))
        made.encoded = maker.encoded
    return made


def _write(
    maker: VariantMaker, source: Path, wanted: Sequence[Variant], folder: Path
) -> WrittenVariants:
    try:
        found = maker.make(source, wanted)
    except PictureError as error:
        picture, is_lasting = wanted[0].picture, error.reason.startswith(_LASTING)
        broken = BrokenPicture(picture.source, picture.sha256, error.reason, is_lasting)
        return WrittenVariants(broken=[broken])
    return WrittenVariants({name: write_file(f"{folder}/{name}", found[name]) for name in found})


def _by_picture(variants: Iterable[Variant]) -> list[list[Variant]]:
    pictures: dict[str, list[Variant]] = {}
    for variant in variants:
        pictures.setdefault(variant.picture.digest, []).append(variant)
    return list(pictures.values())
