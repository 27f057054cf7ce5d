"""Which blocks a page asks for together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.model.database import open_readonly
from ssg.model.texts import FOLDER, MissingBlock, Texts
from ssg.runtime.missing_blocks import ListTrackingSite
from ssg.runtime.tagged_renderer import TaggedRenderer
from ssg.targets.bundles.pyodide.lean_database import lean_copy
from tests.conftest import Built

POSTS = 1500
FILES = {
    "templates/section.html": "{% for one in section.pages %}{{ one.content }}{% endfor %}",
    "templates/blurbs.html": "{% for one in section.pages %}{{ one.description }}{% endfor %}",
    "templates/two.html": "{% for one in site.pages[:9] %}{{ one.title }}{% endfor %}"
    "{% for one in section.pages %}{{ one.content }}{% endfor %}",
}
CONTENT = {
    f"content/blog/{number:04}.md": f"---\ndescription: About {number}\n---\nText {number}\n"
    for number in range(POSTS)
}


class Fetching:
    """Renders as a function does that has no block: it brings what it is told, and begins anew."""

    def __init__(self, database: Path, blocks: Path) -> None:
        self.site = ListTrackingSite(open_readonly(database), Texts(database.parent / "nowhere"))
        self._renderer = TaggedRenderer(self.site)
        self._blocks = blocks
        self.rounds: list[list[str]] = []

    def render(self, path: str) -> str:
        while True:
            page = self.site.page_at(path)
            assert page
            try:
                return self._renderer.render(page).decode()
            except MissingBlock as missing:
                self.rounds.append(self.site.wanted(missing))
            finally:
                self.site.forget_lists()
            for digest in self.rounds[-1]:
                self.site.texts.give(digest, (self._blocks / digest).read_bytes())


def _fetching(built: Built) -> Fetching:
    return Fetching(built.report.database, built.report.database.parent / FOLDER)


def test_a_list_asks_for_the_texts_of_all_its_pages(site: Callable[..., Built]) -> None:
    built = site({**FILES, **CONTENT})
    fetching = _fetching(built)
    assert fetching.render("/blog/") == built.render("/blog/")
    (together,) = fetching.rounds
    assert len(set(together)) == len(together) > POSTS / 64


def test_another_list_of_the_page_is_left_alone(site: Callable[..., Built]) -> None:
    section = {"content/blog/_index.md": "---\ntemplate: two.html\n---\n"}
    built = site({**FILES, **CONTENT, **section, "content/z.md": "Text"})
    fetching = _fetching(built)
    assert fetching.render("/blog/") == built.render("/blog/")
    assert len(fetching.rounds) == 1


def test_a_list_asks_for_what_a_lean_copy_says_of_all_its_pages(
    site: Callable[..., Built], tmp_path: Path
) -> None:
    section = {"content/blog/_index.md": "---\ntemplate: blurbs.html\n---\n"}
    built = site({**FILES, **CONTENT, **section})
    lean = tmp_path / "lean" / "site.db"
    lean.parent.mkdir()
    blocks = lean_copy(built.report.database, lean, tmp_path / "apart")
    fetching = Fetching(lean, tmp_path / "apart")
    assert fetching.render("/blog/") == built.render("/blog/")
    assert 1 <= len(fetching.rounds) <= 2
    assert {digest for one in fetching.rounds for digest in one} == {one.name for one in blocks}


def test_a_list_in_another_language_asks_for_the_texts_that_it_borrows(
    site: Callable[..., Built],
) -> None:
    config = 'theme = ""\n[languages.fr]\nfallback = true\n'
    built = site({**FILES, **CONTENT, "ssg.toml": config})
    fetching = _fetching(built)
    assert fetching.render("/fr/blog/") == built.render("/fr/blog/")
    assert len(fetching.rounds) == 1


def test_no_list_asks_for_too_much_at_once(
    site: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ssg.runtime.missing_blocks.MOST_BLOCKS", 5)
    built = site({**FILES, **CONTENT})
    fetching = _fetching(built)
    assert fetching.render("/blog/") == built.render("/blog/")
    assert {len(one) for one in fetching.rounds[:-1]} == {5}
