"""`page.card` in templates: the picture of a page for link previews, and what stands on it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ssg.model.glob import compile_glob
from ssg.model.images.card import Card, CardAddress, CardDesign, CardPart, card_text
from ssg.model.language import direction_of
from ssg.model.page import LISTED_KINDS, Page, PageKind, parse_date
from ssg.model.queries.site import Site
from ssg.model.settings import SiteSettings
from ssg.model.urls import base_path, quote_path

CARD_KEY = "card"
"""The key of the front matter: false for no card, or a text in place of the title."""


IMAGE_KEY = "image"
"""The key of `extra` with a picture of the page's own, which stands in place of a card."""
_AUTHORS = "authors"


class CardView:
    """The card of a page. As a text, it is its URL."""

    def __init__(self, card: Card, design: CardDesign, base_url: str) -> None:
        self._card = card
        self._settings = design.settings
        self._base_url = base_url
        self.path = card.path(design)

    @property
    def url(self) -> str:
        return base_path(self._base_url) + quote_path(self.path)

    @property
    def permalink(self) -> str:
        return self._base_url.rstrip("/") + quote_path(self.path)

    @property
    def width(self) -> int:
        return self._settings.width

    @property
    def height(self) -> int:
        return self._settings.height

    @property
    def alt(self) -> str:
        return self._card.alt

    def __str__(self) -> str:
        return self.url


def card_view(page: Page, site: Site) -> CardView | None:
    """The view of a page's card; None if the page has none."""
    design = design_of(site)
    card = card_of(page, site) if design else None
    return CardView(card, design, site.settings.base_url) if card and design else None


def design_of(site: Site) -> CardDesign | None:
    """What all cards of a site share; None if it has no cards."""
    images = site.settings.images
    return images.cards if images else None


def find_card(site: Site, path: str) -> Card | None:
    """The card at a path below the base path; None if no page of the site has this very card."""
    design, address = design_of(site), CardAddress.parse(path)
    if design is None or address is None:
        return None
    for page_path in address.page_paths:
        page = site.page_at(page_path)
        card = card_of(page, site) if page else None
        if card and card.path(design) == path:
            return card
    return None


def card_of(page: Page, site: Site) -> Card | None:
    """What stands on the card of a page. Later pages of a list share the card of the first."""
    design = design_of(site)
    shown = _shown(page, site)
    if design is None or shown.kind not in LISTED_KINDS or _is_excluded(shown, design):
        return None
    front: Mapping[str, Any] = json.loads(site.front(shown))
    own = front.get(CARD_KEY, "")
    if own is False or (not own and front.get("extra", {}).get(IMAGE_KEY)):
        return None
    settings = site.settings.in_language(shown.language)
    is_home = shown.path == settings.home_path
    title = own or (settings.title if is_home else shown.title) or settings.title
    parts = _parts(shown, site, settings, front)._asdict()
    if is_home:
        parts["site"] = ""
    texts = {name: card_text(parts[name]) for name in design.settings.show}
    return Card(shown.path, card_text(title), CardPart(**texts), _direction(settings))


def _shown(page: Page, site: Site) -> Page:
    """The page whose card a page has."""
    if page.kind == PageKind.PAGER and page.parent_id is not None:
        return site.page_by_id(page.parent_id)
    original = page.original_path
    return (site.page_at(original) if original else None) or page


def _is_excluded(page: Page, design: CardDesign) -> bool:
    return any(
        compile_glob(glob).fullmatch(page.path.strip("/")) for glob in design.settings.exclude
    )


def _parts(page: Page, site: Site, settings: SiteSettings, front: Mapping[str, Any]) -> CardPart:
    above = site.page_by_id(page.parent_id) if page.parent_id is not None else None
    section = above.title if above and above.path != settings.home_path else ""
    design = design_of(site)
    form = design.settings.date_format if design else ""
    date = parse_date(page.date).strftime(form) if page.date else ""
    author = ", ".join(_authors(page, site, front)) or settings.author
    return CardPart(section, settings.title, date, author)


def _authors(page: Page, site: Site, front: Mapping[str, Any]) -> list[str]:
    if _AUTHORS in site.settings.taxonomies:
        return [term.name for term in site.terms_of(page.id) if term.taxonomy == _AUTHORS]
    return list(map(str, front.get(_AUTHORS, ())))


def _direction(settings: SiteSettings) -> str:
    own = settings.languages.get(settings.language_code)
    return own.direction if own else direction_of(settings.language_code)
