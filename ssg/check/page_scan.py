"""Looking over rendered pages: what each refers to, and what of that is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from ssg.check.html_scan import HtmlScan, scan_html
from ssg.check.link_resolver import LinkContext, LinkResolver, LinkTargetKind
from ssg.model.errors import Problem, RenderError
from ssg.model.page import Page
from ssg.model.queries.site import Site
from ssg.render.renderer import Renderer

CHUNK = 32
"""Pages for one order of a worker."""

Key = TypeVar("Key")
PagesOf = dict[Key, list[str]]
"""Something, and the paths of the pages that have it."""


@dataclass(frozen=True, slots=True)
class DeadLink:
    """An address that leads nowhere: as it is written, and what it comes to."""

    url: str
    path: str
    is_file: bool


@dataclass(frozen=True, slots=True)
class AnchorLink:
    """A part of a page that another page leads to."""

    url: str
    path: str
    anchor: str


@dataclass(frozen=True, slots=True)
class PageScan:
    """What some pages have in them."""

    ids: Mapping[str, frozenset[str]]
    """Ids of elements, by the path of the page."""
    missing: PagesOf[DeadLink] = field(default_factory=dict)
    asked: PagesOf[AnchorLink] = field(default_factory=dict)
    duplicates: PagesOf[str] = field(default_factory=dict)
    external: PagesOf[str] = field(default_factory=dict)
    inside: frozenset[str] = frozenset()
    """Addresses within the site that were looked at."""
    problems: PagesOf[Problem] = field(default_factory=dict)


def is_html(page: Page) -> bool:
    """Whether a page is one for browsers, by its address."""
    return page.path.endswith(("/", ".html", ".htm"))


class PageScanner:
    """Renders pages and looks them over. In another process it opens the database anew."""

    def __init__(self, database: Path, beside: LinkContext) -> None:
        self._database = database
        self._beside = beside

    def __reduce__(self) -> tuple[type[PageScanner], tuple[Path, LinkContext]]:
        return PageScanner, (self._database, self._beside)

    def __call__(self, page_ids: Sequence[int]) -> PageScan:
        """Look over some pages."""
        seen, inside = PageScan({}), set[str]()
        ids = dict[str, frozenset[str]]()
        for page_id in page_ids:
            page = self._renderer.site.page_by_id(page_id)
            try:
                outline = scan_html(self._renderer.render(page).decode())
            except RenderError as error:
                for problem in error.problems:
                    seen.problems.setdefault(replace(problem, pages=()), []).append(page.path)
                continue
            ids[page.path] = outline.ids
            for one in outline.duplicates:
                seen.duplicates.setdefault(one, []).append(page.path)
            inside.update(self._follow(page.path, outline, seen))
        return PageScan(
            ids, seen.missing, seen.asked, seen.duplicates, seen.external, frozenset(inside),
            seen.problems,
        )  # fmt: skip

    def close(self) -> None:
        if "_renderer" in vars(self):
            self._renderer.site.close()

    def _follow(self, path: str, outline: HtmlScan, seen: PageScan) -> Iterator[str]:
        """Sort what a page refers to; yields the addresses within the site."""
        for reference in outline.references:
            found = self._addresses.find(reference.url, path, outline.base)
            if found.answer is LinkTargetKind.OUTSIDE:
                on = seen.external.setdefault(found.path, [])
                on.extend([path] if path not in on[-1:] else [])
            elif found.answer is not LinkTargetKind.NONE:
                yield found.path
            if found.answer is LinkTargetKind.NOTHING:
                missing = DeadLink(reference.url, found.path, reference.is_file)
                seen.missing.setdefault(missing, []).append(path)
            elif found.anchor and found.answer is LinkTargetKind.PAGE:
                asked = AnchorLink(reference.url, found.path, found.anchor)
                if found.path != path or found.anchor not in outline.ids:
                    seen.asked.setdefault(asked, []).append(path)

    @cached_property
    def _renderer(self) -> Renderer:
        return Renderer(Site.open(self._database))

    @cached_property
    def _addresses(self) -> LinkResolver:
        return LinkResolver(self._renderer.site, self._beside)


def chunks(page_ids: Sequence[int]) -> list[Sequence[int]]:
    """Orders for workers."""
    return [page_ids[start : start + CHUNK] for start in range(0, len(page_ids), CHUNK)]


def joined(parts: Iterable[PageScan]) -> PageScan:
    """What all pages have in them."""
    ids = dict[str, frozenset[str]]()
    whole, inside = PageScan({}), set[str]()
    for part in parts:
        ids.update(part.ids)
        inside |= part.inside
        for name in ("missing", "asked", "duplicates", "external", "problems"):
            below = getattr(whole, name)
            for key, pages in getattr(part, name).items():
                below.setdefault(key, []).extend(pages)
    return PageScan(
        ids, whole.missing, whole.asked, whole.duplicates, whole.external, frozenset(inside),
        whole.problems,
    )  # fmt: skip
