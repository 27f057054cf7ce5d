"""The stage `images`: publishes the variants that critical pages show."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from ssg.build.images.image_counts import ImageCounts
from ssg.build.images.originals import (
    OptionalOriginals,
    OriginalNeeds,
    publish_originals,
    publish_remote_originals,
)
from ssg.build.images.wanted_variants import SiteVariants
from ssg.build.layout import Layout
from ssg.build.publish.staging import Staging
from ssg.build.publish.workspace import Workspace
from ssg.build.render.workers import Workers
from ssg.build.stages import Stages
from ssg.content.scan import Scan
from ssg.content.structure.pictures import BrokenPicture
from ssg.model.errors import Location, Problem, RenderError
from ssg.model.images.picture import Picture
from ssg.model.images.settings import ImageService, ImageSettings
from ssg.model.images.variant import VARIANTS_FOLDER, VARIANTS_PATH, Variant
from ssg.model.queries.site import Site
from ssg.render.views.card import design_of
from ssg.targets.target import Target


class BrokenPicturesError(RenderError):
    """Pictures that cannot be decoded were found. The site must be compiled again, knowing that."""

    def __init__(self, pictures: Collection[BrokenPicture]) -> None:
        super().__init__(_problem(one.source, one.reason) for one in pictures)
        self.pictures = frozenset(pictures)


@dataclass(frozen=True, slots=True)
class ImageBuild:
    """The pictures of a build."""

    counts: ImageCounts = field(default_factory=ImageCounts)
    warnings: tuple[Problem, ...] = ()


def build_images(
    site: Site,
    space: Workspace,
    target: Target,
    staging: Staging,
    pool: Workers,
    stages: Stages,
    shown: Collection[str],
    originals: OptionalOriginals,
    scanned: Scan,
) -> ImageBuild:
    """Publish the variants that a build makes, and the originals that somebody may ask for.

    `shown` are the file names that its pages name. Raises BrokenPicturesError.
    """
    settings = site.settings.images
    if settings is None:
        return ImageBuild()
    variants = SiteVariants(site.pictures(), site.recipes(), settings)
    is_preview = space.layout.is_preview and settings.service == ImageService.SSG
    if is_preview and target.defers:  # the preview makes all on request, so it starts at once
        wanted: Mapping[str, Variant] = {}
    else:
        wanted = variants.wanted(shown, defers=target.defers)
    missing = [one for name, one in wanted.items() if not staging.keep_immutable(_place(name))]
    made = 0
    with stages("images", len(missing)):
        if missing:
            made = _make(missing, settings, space.layout, staging, stages, pool.count)
        needs = OriginalNeeds(shown, wanted, defers=target.defers)
        unpublished = publish_originals(originals, site, space.database, scanned, needs, staging)
        publish_remote_originals(variants, space.layout.root, settings, needs, staging)
    deferred = variants.count - len(wanted) if target.defers else 0
    kept = len(wanted) - made
    counts = ImageCounts(len(variants.pictures), made, kept, deferred, *unpublished)
    warnings = [*_warnings(variants.pictures), *_unanswered(settings, target, space.layout)]
    return ImageBuild(counts, tuple(warnings))


def _make(
    missing: Iterable[Variant],
    settings: ImageSettings,
    layout: Layout,
    staging: Staging,
    stages: Stages,
    processes: int,
) -> int:
    """Write variants into the staging folder. Returns the number of those that were not cached."""
    from ssg.build.images.write_variants import write_variants  # noqa: PLC0415 few builds make any
    from ssg.images.variant_cache import VariantCache  # noqa: PLC0415 the same

    folder, cache = staging.folder / VARIANTS_FOLDER, VariantCache(layout.variants)
    folder.mkdir(exist_ok=True)
    advance = stages.observer.advance
    made = write_variants(missing, layout.root, folder, cache, settings, processes, advance)
    if made.broken:
        raise BrokenPicturesError(made.broken)
    staging.add_written({_place(name): file for name, file in made.files.items()})
    return made.encoded


def build_cards(
    site: Site,
    layout: Layout,
    target: Target,
    staging: Staging,
    pool: Workers,
    stages: Stages,
) -> list[Problem]:
    """Draw the cards of pages, if nothing can draw them on request. Returns warnings."""
    if design_of(site) is None:
        return []
    from ssg.build.images.card_stage import make_cards  # noqa: PLC0415 few sites have cards

    on_request = layout.is_preview or target.capabilities.draws_cards
    with stages("cards"):
        return make_cards(site, layout, staging, pool, on_request=on_request)


def forget_unused_variants(layout: Layout, staging: Staging) -> None:
    """Let the cache of variants forget what has long been unused, if this build added to it."""
    if any(name.startswith(VARIANTS_PATH[1:]) for name in staging.staged):
        from ssg.images.variant_cache import VariantCache  # noqa: PLC0415 few builds add to it

        cache = VariantCache(layout.variants)
        cache.collect(lambda name: _place(name) in staging.files)


def _place(file_name: str) -> str:
    return f"{VARIANTS_FOLDER}/{file_name}"


def _warnings(pictures: Iterable[Picture]) -> Iterable[Problem]:
    """Broken pictures that the build leaves as they are: an error if a page must resize them."""
    broken = (one for one in pictures if one.problem and not one.is_missing)
    for picture in broken:
        if picture.is_remote:
            hint = "Pages that show it link to its host"
            yield Problem(f"the picture {picture.path} {picture.problem}", hint=hint)
        else:
            hint = "It is published as it is"
            yield replace(_problem(picture.source, picture.problem), hint=hint)


def _unanswered(settings: ImageSettings, target: Target, layout: Layout) -> Iterable[Problem]:
    """A warning for addresses of the site that nothing answers on its host."""
    is_answered = target.defers and settings.service != ImageService.VERCEL
    if settings.addresses and not is_answered and not layout.is_preview:
        hint = "Name variants with image() in templates, or remove the key"
        yield Problem(f"target {target.name} does not answer images.addresses", hint=hint)


def _problem(source: str, reason: str) -> Problem:
    return Problem(f"the picture {reason}", Location(source))
