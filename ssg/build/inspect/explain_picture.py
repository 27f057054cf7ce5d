"""Explains a picture: its facts, its variants, and the pages that show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from ssg.build.images.wanted_variants import SiteVariants
from ssg.build.inspect.dry_run import CompiledSite
from ssg.model.errors import ContentError, Problem, RenderError
from ssg.model.images.picture import Picture
from ssg.model.images.variant import VARIANTS_FOLDER, Variant
from ssg.model.page import Page
from ssg.model.queries.site import Site
from ssg.model.urls import base_path, decode_path, quote_path
from ssg.render.renderer import Renderer
from ssg.render.views.env import EnvDefaults
from ssg.targets.load_target import target_for

MAX_PAGES = 500
"""The number of pages that are rendered to find those that show a picture."""


@dataclass(frozen=True, slots=True)
class ShownVariant:
    """A variant that pages show."""

    variant: Variant
    deferred: bool
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PictureExplanation:
    """Everything about one picture that a build decides."""

    picture: Picture
    permalink: str
    variants: tuple[ShownVariant, ...]
    pages: tuple[str, ...]
    """The paths of pages that show it, in some size or as it is."""
    unused: int
    """The number of its variants that no page shows."""


def explain_picture(compiled: CompiledSite, name: str) -> PictureExplanation | None:
    """Explain a picture by its path, its file, its URL or that of a variant; None if unknown.

    Its file name is enough if no other picture has it. Raises ContentError for one that several
    have.
    """
    site, settings = compiled.site, compiled.site.settings.images
    picture = _find(site, name) if settings else None
    if settings is None or picture is None:
        return None
    variants = SiteVariants([picture], site.recipes(), settings).of_picture(picture)
    shown: dict[str, list[Page]] = defaultdict(list)
    pages: list[str] = []
    for page, html in _rendered(compiled, picture):
        found = [name for name in variants if f"/{VARIANTS_FOLDER}/{name}" in html]
        if found or quote_path(picture.path) in html:
            pages.append(page.path)
        for one in found:
            shown[one].append(page)
    defers = target_for(compiled.project.settings.target, package=False).defers
    used = [
        ShownVariant(
            variants[name],
            _is_deferred(picture, shown[name], defers=defers),
            tuple(page.path for page in shown[name]),
        )
        for name in sorted(shown)
    ]
    return PictureExplanation(
        picture, _permalink(site, picture), tuple(used), tuple(pages), len(variants) - len(used)
    )


def _is_deferred(picture: Picture, pages: list[Page], *, defers: bool) -> bool:
    """Whether a variant is made on its first request."""
    if not defers or picture.deferred is False:
        return False
    return bool(picture.deferred) or all(page.deferred for page in pages)


def _find(site: Site, name: str) -> Picture | None:
    base = site.settings.base_url.rstrip("/")
    path = decode_path(name.removeprefix(base).split("?")[0].split("#")[0]) or name
    path = path.removeprefix(base_path(base)) if path.startswith("/") else path
    if variant := site.find_variant(path):
        return variant.picture
    source = name.removeprefix("./")
    by_path = site.picture(path) or site.picture(name)
    by_source = (one for one in site.pictures() if one.source == source)
    return by_path or next(by_source, None) or _named(site, name)


def _named(site: Site, name: str) -> Picture | None:
    """The only picture with a file name. Raises ContentError if there are several."""
    found = [one for one in site.pictures() if one.path.endswith(f"/{name}") and "/" not in name]
    if len(found) > 1:
        hint = f"Write the path of one: {found[0].path} or {found[1].path}"
        raise ContentError(Problem(f"{len(found)} pictures are named {name}", None, hint))
    return found[0] if found else None


def _permalink(site: Site, picture: Picture) -> str:
    base = site.settings.base_url.rstrip("/")
    return picture.path if picture.is_remote else base + quote_path(picture.path)


def _rendered(compiled: CompiledSite, picture: Picture) -> Iterator[tuple[Page, str]]:
    """Pages that may show a picture, with their HTML: first those whose texts name it."""
    renderer = Renderer(compiled.site, EnvDefaults(compiled.options.env))
    for page in _candidates(compiled.site, picture.path.rpartition("/")[2]):
        try:
            yield page, renderer.render(page).decode()
        except RenderError:
            continue


def _candidates(site: Site, file_name: str) -> list[Page]:
    pages = [
        page for page in site.all_pages() if page.template and page.path.endswith(("/", ".html"))
    ]
    named = {
        page.id for page in pages if page.source and file_name in unquote(site.body(page.id).text)
    }
    return sorted(pages, key=lambda page: page.id not in named)[:MAX_PAGES]
