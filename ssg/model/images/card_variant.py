"""A card as a variant, so that whatever finds, makes and keeps variants does the same for cards."""

from __future__ import annotations

from dataclasses import dataclass

from ssg.model.images.card import Card, CardDesign
from ssg.model.images.picture import Picture
from ssg.model.images.recipe import Recipe
from ssg.model.images.variant import Variant


@dataclass(frozen=True, slots=True)
class CardVariant(Variant):
    """The card of a page. Its `picture` stands for the page: it has the path of the page."""

    card: Card
    design: CardDesign

    @classmethod
    def of(cls, card: Card, design: CardDesign) -> CardVariant:
        settings, kind = design.settings, "jpeg" if design.suffix == "jpg" else design.suffix
        picture = Picture(
            card.page_path, "", card.digest(design), "", settings.width, settings.height, kind,
            False, False, "", "", "", "",
        )  # fmt: skip
        return cls(picture, Recipe(settings.width, settings.height), kind, card, design)

    @property
    def file_name(self) -> str:
        """`0123456789abcdef-card.png`."""
        return f"{self.picture.digest}-card.{self.design.suffix}"

    @property
    def path(self) -> str:
        """Its path below the base path."""
        return self.card.path(self.design, self.picture.digest)
