"""Each question for itself: if its answer differs, so does one of its tags. Random sites and edits.

The tests of whole pages ask what templates ask; this one asks everything. A question about a page
that is gone is not asked again: who asked it has the tag of the row of that page, too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ssg.build.incremental.database_diff import PLACE_COLUMNS
from ssg.build.incremental.dependencies.asked_questions import MISSING, UNSEEN_COLUMNS, _value
from ssg.build.tag_table.tag_values import tag_table
from ssg.model.page import Page, Template, Term
from ssg.model.queries.questions import questions
from ssg.model.queries.site import Site
from ssg.render.dependencies.recorder import AskedQuestion
from ssg.render.dependencies.tags import TagRecorder, tags_of
from tests.build.tag_table.random_pairs import states
from tests.render.dependencies.test_tags import ANYTHING

Arguments = Iterator[tuple[Any, ...]]
QUESTIONS = {one.name: one for one in reversed(questions(Site).values())}
NAMES = {one.name: name for name, one in reversed(questions(Site).items())}
HIDDEN = (*UNSEEN_COLUMNS, *PLACE_COLUMNS)
SLICES = ((), (0, 1), (0, 2), (1, 2), (2, 2), (0, 60), (3, 60))
TAXONOMIES, LANGUAGES = ("tags", "kinds"), ("", "fr")


class Names:
    """The names in two sites, to ask both for."""

    def __init__(self, *sites: Site) -> None:
        pages = [page for site in sites for page in site.all_pages()]
        self.paths = sorted({page.path for page in pages} | {"/missing/"})
        self.sections = sorted({page.path for page in pages if page.kind == "section"})
        self.pages = sorted({page.path for page in pages if page.kind in {"page", "fallback"}})
        terms = [
            term
            for site in sites
            for name in TAXONOMIES
            for language in LANGUAGES
            for term in site.terms(name, language=language)
        ]
        self.terms = sorted({term.path for term in terms if site_has(sites, term.path)})
        self.sources = sorted({source for site in sites for source in site.sources()} | {"no.md"})
        self.assets = [f"{folder}{name}" for folder in ("", "blog/", "docs/", "blog/deep/")
                       for name in ("data.txt", "photo.txt")]  # fmt: skip
        self.templates = sorted({name for site in sites for name in site.template_names()})
        self.years = sorted(
            {bounds for site in sites for page in site.archives()[1:] for bounds in [_bounds(page)]}
        )


def site_has(sites: tuple[Site, ...], path: str) -> bool:
    return any(site.page_at(path) for site in sites)


def _bounds(page: Page) -> tuple[int, int]:
    front = json.loads(page.front)
    return front["after"], front["until"]


def _each(key: str) -> Callable[[Names], Arguments]:
    return lambda names: ((one,) for one in getattr(names, key))


def _none(_: Names) -> Arguments:
    yield ()


def _sliced(key: str) -> Callable[[Names], Arguments]:
    return lambda names: ((one, *bounds) for one in getattr(names, key) for bounds in SLICES)


def _neighbours(names: Names) -> Arguments:
    """Only the outermost section that lists a page is asked for."""
    return ((path, section) for path in names.pages for section in names.sections)


ASKED: Mapping[str, Callable[[Names], Arguments]] = {
    **dict.fromkeys(("build_id", "build_time", "menus", "sources", "all_pages", "sitemaps"), _none),
    **dict.fromkeys(("error_paths", "templates", "template_names", "data_names"), _none),
    **dict.fromkeys(("file_paths", "message_keys", "published_paths"), _none),
    **dict.fromkeys(("fingerprinted_paths", "module_names", "query_names"), _none),
    **dict.fromkeys(("page", "body", "words", "assets", "terms_of", "alternates"), _each("paths")),
    "translations": _each("paths"),
    "translation": lambda names: ((one, code) for one in names.paths for code in LANGUAGES),
    "page_from": _each("sources"),
    "asset_from": _each("assets"),
    "before": _neighbours,
    "after": _neighbours,
    "newer": _each("pages"),
    "older": _each("pages"),
    "related": lambda names: ((one, (("tags", 2), ("kinds", 1)), 1) for one in names.pages),
    "term": _each("terms"),
    "page_count": _each("terms"),
    "pages": lambda _: ((*bounds, code) for bounds in SLICES if bounds for code in LANGUAGES),
    "count_pages": lambda _: ((code,) for code in LANGUAGES),
    "pages_in": _sliced("sections"),
    "count_in": _each("sections"),
    "sections_in": _each("sections"),
    "feed_of": lambda names: ((one,) for one in (*names.sections, *names.terms)),
    "pages_with": _sliced("terms"),
    "newest": lambda names: (
        (limit, section, "") for limit in (2, 60) for section in (None, *names.sections)
    ),
    "newest_with": lambda names: ((one, limit) for one in names.terms for limit in (2, 60)),
    "archives": lambda _: ((code,) for code in LANGUAGES),
    "feeds": lambda _: ((code,) for code in LANGUAGES),
    "pages_between": lambda names: (
        (*bounds, 0, limit) for bounds in names.years for limit in (1, -1)
    ),
    "addresses": lambda _: iter([(), (1, 2)]),
    "terms": lambda _: (
        (name, by_count, code) for name in TAXONOMIES for by_count in (True, False)
        for code in LANGUAGES
    ),
    "template": lambda names: ((name, layer) for name in names.templates for layer in (0, 1)),
    "data": lambda _: iter([("team",), ("none",)]),
    "file": lambda _: iter([("data/team.json",), ("content/data.txt",)]),
    "message": lambda _: ((code, "hello") for code in ("en", "fr")),
    "query": lambda _: iter([("post",), ("none",)]),
    "published": lambda _: iter([("/a.css",), ("/b.txt",), ("/img/c.svg",)]),
    "picture": lambda _: iter([("/img/c.svg",), ("/img/none.png",)]),
    "has_recipe": lambda _: iter([("400", "webp"), ("401", "webp")]),
    "module": lambda _: iter([("hooks",)]),
}  # fmt: skip
"""Arguments for every question that pages ask."""


def test_every_question_is_asked() -> None:
    assert set(ASKED) == set(QUESTIONS) - ANYTHING


def _shown(site: Site, found: Any) -> Any:
    """An answer as templates see it, without ids of one build."""
    if isinstance(found, Page):
        parent = site.path_of(found.parent_id) if found.parent_id else None
        columns = zip(found._fields, found, strict=True)
        return parent, [value for name, value in columns if name not in HIDDEN]
    if isinstance(found, Term):
        return found.path, found.taxonomy, found.name, found.slug
    if isinstance(found, Template):
        return found.text, found.layer
    if isinstance(found, list | tuple | Iterator):
        return [_shown(site, one) for one in found]
    return found


class Asker:
    """Asks a site, and tells the tags of each answer."""

    def __init__(self, database: Path) -> None:
        self.site = Site.open(database)
        self.table = tag_table(database, "")
        self._recorder = TagRecorder()

    def ask(self, asked: AskedQuestion) -> tuple[Any, tuple[str, ...]]:
        """The answer and its tags. They are found without looking up the arguments as pages do."""
        question = QUESTIONS[asked[0]]
        pairs = zip(question.arguments, asked[1:], strict=False)
        values = tuple(_value(self.site, kind, value) for kind, value in pairs)
        if MISSING in values:
            return MISSING, ()
        if asked[0] == "page_count":
            values = (self.site.term(values[0].term_id),)
        if asked[0] in {"before", "after"} and not self._is_outermost(*values):
            return MISSING, ()
        member = getattr(self.site, NAMES[question.name])
        found = (
            member(**dict(zip(question.parameters, values, strict=False)))
            if callable(member)
            else member
        )
        found = list(found) if isinstance(found, Iterator) else found
        self._recorder.asked(self.site, question, values, found)
        shown = found if asked[0] != "asset_from" or not found else [self.site.path_of(found[0])]
        return _shown(self.site, shown), tags_of(self._recorder.take(), "/none/", "x")

    def _is_outermost(self, page: Page, section_id: int) -> bool:
        """Whether views ask for the neighbours of a page in a section."""
        section = self.site.page_by_id(page.parent_id) if page.parent_id else None
        while section and section.parent_id and json.loads(section.front).get("transparent"):
            section = self.site.page_by_id(section.parent_id)
        return section is not None and section.id == section_id


@pytest.mark.parametrize("seed", range(100, 116))
def test_if_an_answer_differs_a_tag_differs(seed: int) -> None:
    askers = (Asker(database) for _, database in states(seed, 6))
    for before, now in pairwise(askers):
        differing = set(now.table.differing(before.table))
        names = Names(before.site, now.site)
        for name, arguments in ASKED.items():
            for values in arguments(names):
                (answer, tags), (other, _) = (one.ask((name, *values)) for one in (before, now))
                if MISSING not in (answer, other) and answer != other:
                    assert differing & set(tags), (name, values)
