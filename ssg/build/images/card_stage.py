"""The cards of a build: draws them, or leaves them to a server, and checks their characters.

Where the host runs CPython, a server draws a card when it is first asked for it: few are ever
asked for. Elsewhere nothing can draw on request, so the build draws the cards of all pages, each
once: they are kept beside the variants of pictures, and stay in the publish folder while their
names are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ssg.build.layout import Layout
from ssg.build.publish.staging import Staging
from ssg.build.render.workers import Workers
from ssg.images.cards.card_files import draw_card, font_faces
from ssg.images.cards.font_face import FontFace, missing_characters
from ssg.images.cards.keep_card_files import keep_card_files
from ssg.images.variant_cache import VariantCache
from ssg.model.errors import Location, Problem
from ssg.model.images.card import Card, CardDesign
from ssg.model.images.card_variant import CardVariant
from ssg.model.page import Page
from ssg.model.queries.site import Site
from ssg.render.views.card import card_of, design_of

_MAX_CHARACTERS = 20
"""In one warning."""
_ADD_FONT = "Add a font that has them to images.cards.font"


class PageCard(NamedTuple):
    """A page with its own card."""

    page: Page
    card: Card


def cards_of(site: Site) -> list[PageCard]:
    """All pages that have a card of their own."""
    found = (PageCard(page, card) for page in site.all_pages() if (card := card_of(page, site)))
    return [one for one in found if one.card.page_path == one.page.path]


def check_cards(cards: Sequence[PageCard], faces: Sequence[FontFace]) -> Iterator[Problem]:
    """A warning for characters that no font has."""
    missing = missing_characters(faces, (text for one in cards for text in one.card.texts()))
    if not missing:
        return
    wanted = frozenset(missing)
    pages = [one.page for one in cards if wanted.intersection("".join(one.card.texts()))]
    shown = ", ".join(f"{one} (U+{ord(one):04X})" for one in missing[:_MAX_CHARACTERS])
    shown += f" and {len(missing) - _MAX_CHARACTERS} more" if len(missing) > _MAX_CHARACTERS else ""
    drawn = f"{len(pages)} cards are drawn" if len(pages) > 1 else "the card is drawn"
    message = f"no font of cards has {shown}; {drawn} without"
    yield Problem(message, Location(_name(pages[0])), _ADD_FONT)


def _name(page: Page) -> str:
    return f"content/{page.source}" if page.source else page.path


def stage_cards(
    cards: Sequence[PageCard],
    design: CardDesign,
    files: Path,
    cache: VariantCache,
    staging: Staging,
    pool: Workers,
) -> None:
    """Stage the files of cards. Draws those that no earlier build has drawn, with `files`."""
    variants = (CardVariant.of(one.card, design) for one in cards)
    by_name = {one.path.removeprefix("/"): one for one in variants}
    new = {name: one for name, one in by_name.items() if not staging.keep_immutable(name)}
    known = {name: _undamaged(cache, one.file_name) for name, one in new.items()}
    missing = [name for name, path in known.items() if path is None]
    drawn = pool.map(partial(draw_card, design, files), [new[name].card for name in missing])
    for name, data in zip(missing, drawn, strict=True):
        known[name] = cache.write(new[name].file_name, data)
    staging.add_immutable([(path, name) for name, path in known.items() if path])


def _undamaged(cache: VariantCache, file_name: str) -> Path | None:
    """The file of a card, if its content is what was written."""
    return cache.find(file_name) if cache.read(file_name) is not None else None


def make_cards(
    site: Site, layout: Layout, staging: Staging, pool: Workers, *, on_request: bool
) -> list[Problem]:
    """Check the cards of a site, and stage them unless a server draws them `on_request`.

    Returns warnings; raises CardError.
    """
    design = design_of(site)
    if design is None:
        return []
    files = layout.card_files
    keep_card_files(design, layout.root, files)
    cards = cards_of(site)
    if not on_request:
        stage_cards(cards, design, files, VariantCache(layout.variants), staging, pool)
    return list(check_cards(cards, font_faces(design, files)))
