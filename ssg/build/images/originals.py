"""Publishes the originals that somebody may ask for, if `publish_originals` is false.

An original is left out only if it has variants and nothing of the site names its file. If variants
of such a picture are made on request, its original has the address `/_img/DIGEST-original.jpg`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ssg.build.images.named_files import word_of, words_of_copies, words_of_site
from ssg.build.images.wanted_variants import SiteVariants
from ssg.build.publish.staging import Staging
from ssg.content.scan import Scan
from ssg.content.structure.assets import FileCopy
from ssg.model.glob import compile_glob
from ssg.model.images.picture import Picture
from ssg.model.images.settings import ImageService, ImageSettings
from ssg.model.images.variant import VARIANTS_PATH, original_name
from ssg.model.queries.site import Site
from ssg.render.pictures.image_request import responsive_recipes


@dataclass(frozen=True, slots=True)
class OptionalOriginals:
    """The originals that need not be published, as far as their pictures tell."""

    pictures: Mapping[str, Picture] = field(default_factory=dict)
    """By their names in the publish folder."""
    copies: tuple[FileCopy, ...] = ()

    def others(self, copies: Iterable[FileCopy]) -> list[FileCopy]:
        """The copies among some that are published in any case."""
        return [copy for copy in copies if copy.destination not in self.pictures]


def optional_originals(site: Site, copies: Iterable[FileCopy]) -> OptionalOriginals:
    """The originals that a site may leave out; none if it publishes all."""
    settings = site.settings.images
    if settings is None or settings.publish_originals:
        return OptionalOriginals()
    excluded = [compile_glob(glob).fullmatch for glob in settings.exclude]
    hashed = frozenset(site.fingerprinted_paths())

    def is_optional(picture: Picture) -> bool:
        name = picture.path.removeprefix("/")
        is_whole = picture.width < settings.narrowest or any(match(name) for match in excluded)
        is_whole = is_whole or not responsive_recipes(picture, settings.widths)
        return picture.has_variants and not is_whole and picture.path not in hashed

    pictures = {one.path.removeprefix("/"): one for one in site.pictures() if is_optional(one)}
    return OptionalOriginals(
        pictures, tuple(copy for copy in copies if copy.destination in pictures)
    )


@dataclass(frozen=True, slots=True)
class OriginalNeeds:
    """What may need originals."""

    named: Collection[str]
    """Words of the files of critical pages."""
    wanted: Collection[str]
    """The file names of the variants that the build makes."""
    defers: bool
    """Whether the others are made on request."""


class UnpublishedOriginals(NamedTuple):
    """Originals that are not published: their number, and their size."""

    files: int = 0
    size_bytes: int = 0


def publish_originals(
    originals: OptionalOriginals,
    site: Site,
    database: Path,
    scanned: Scan,
    needs: OriginalNeeds,
    staging: Staging,
) -> UnpublishedOriginals:
    """Publish the originals that are named, and those that functions need."""
    settings = site.settings.images
    if settings is None or settings.publish_originals:
        return UnpublishedOriginals()
    words = words_of_site(site, database)
    if words is not None:
        words |= words_of_copies(scanned.copies) | frozenset(needs.named)
    kept = [copy for copy in originals.copies if _is_named(copy, words)]
    left_out = [copy for copy in originals.copies if not _is_named(copy, words)]
    new = [copy for copy in kept if copy.destination not in staging.files]
    staging.add_copies(new, scanned.digests, lambda _: None)
    for copy in left_out:
        staging.leave_out(copy.destination)
    names = frozenset(copy.destination for copy in left_out)
    needed = _needed(originals, names, site, settings, needs.wanted) if needs.defers else {}
    sources = {copy.destination: copy.source for copy in scanned.copies}
    staging.add_immutable((sources[name], place) for name, place in needed.items())
    gone = [copy for copy in left_out if copy.destination not in needed]
    return UnpublishedOriginals(len(gone), sum(copy.source.stat().st_size for copy in gone))


def publish_remote_originals(
    variants: SiteVariants,
    root: Path,
    settings: ImageSettings,
    needs: OriginalNeeds,
    staging: Staging,
) -> None:
    """Publish the copies of remote pictures whose variants are made on request by a function.

    The service of a host fetches remote pictures itself.
    """
    if settings.service != ImageService.SSG or not needs.defers:
        return
    folder = VARIANTS_PATH.removeprefix("/")
    staging.add_immutable(
        (root / one.source, folder + original_name(one))
        for one in variants.pictures
        if one.is_remote and any(name not in needs.wanted for name in variants.of_picture(one))
    )


def _is_named(copy: FileCopy, words: frozenset[str] | None) -> bool:
    word = word_of(copy.destination)
    return words is None or not word or word in words


def _needed(
    originals: OptionalOriginals,
    left_out: Collection[str],
    site: Site,
    settings: ImageSettings,
    wanted: Collection[str],
) -> Mapping[str, str]:
    """The originals that have to be at the address of their digest, by their names.

    A function reads those that are nowhere else; the service of a host is sent to all of them. At
    addresses of the site, a function makes variants that the build has made, too.
    """
    folder = VARIANTS_PATH.removeprefix("/")
    if settings.service != ImageService.SSG:
        pictures = (one for one in site.pictures() if one.has_variants and not one.is_remote)
        return {one.path.removeprefix("/"): folder + original_name(one) for one in pictures}
    variants = SiteVariants(originals.pictures.values(), site.recipes(), settings)
    return {
        name: folder + original_name(picture)
        for name, picture in originals.pictures.items()
        if name in left_out
        and (settings.addresses or any(one not in wanted for one in variants.of_picture(picture)))
    }
