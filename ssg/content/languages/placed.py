"""An edition in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ssg.content.languages.relocate import Free, Move
from ssg.content.languages.split import Edition
from ssg.content.structure.assets import Asset
from ssg.content.structure.outline import Outline
from ssg.content.structure.rows import Rows
from ssg.content.structure.sections import Section
from ssg.content.structure.terms import Terms
from ssg.model.page import Page, Wish


@dataclass(frozen=True, slots=True)
class Placed:
    """What an edition is made of, as it goes into the site database. `outline` is as it was."""

    edition: Edition
    outline: Outline
    rows: Rows
    sections: Mapping[str, Section]
    terms: Terms
    assets: list[Asset]
    wishes: Mapping[int, Wish]

    def named(self) -> dict[str, Page]:
        """Pages by the names that their sources have in every language."""
        pairs = zip(self.outline.rows.pages, self.rows.pages, strict=True)
        return {local.source: page for local, page in pairs if local.source}


def place(edition: Edition, outline: Outline, free: Free, originals: Mapping[str, Page]) -> Placed:
    """Move all of an edition. `originals` are the named pages of the default language."""
    move = Move(edition, free, originals)
    content = edition.project.root / "content"
    return Placed(
        edition=edition,
        outline=outline,
        rows=move.rows(outline.rows),
        sections=move.sections(outline.sections),
        terms=move.terms(outline.terms),
        assets=[move.asset(asset, content) for asset in outline.assets],
        wishes={move.ids[number]: wish for number, wish in outline.wishes.items()},
    )
