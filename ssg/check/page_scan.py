"""Renders pages and scans them: their links, their ids, and which links are dead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from ssg.check.address_resolver import AddressResolver, LinkContext, LinkTargetKind
from ssg.check.html_scan import HtmlScan, scan_html
from ssg.check.image_faults import ImageFault, image_faults
from ssg.model.errors import Problem, RenderError
from ssg.model.page import Page
from ssg.model.queries.site import Site
from ssg.render.renderer import NO_ENV, Renderer
from ssg.render.views.env import EnvDefaults

CHUNK = 32
"""The number of pages that a worker scans at a time."""

Key = TypeVar("Key")
PagesOf = dict[Key, list[str]]
"""Something that is on pages, and the paths of these pages."""


@dataclass(frozen=True, slots=True)
class DeadLink:
    """A link without a target, or not the right one. `url` is as written, `path` is resolved."""

    url: str
    path: str
    is_file: bool


@dataclass(frozen=True, slots=True)
class AnchorLink:
    """A link to a part of a page."""

    url: str
    path: str
    anchor: str


@dataclass(frozen=True, slots=True)
class PageScan:
    """The result of scanning some pages."""

    ids: dict[str, frozenset[str]] = field(default_factory=dict)
    """The ids of elements, by the path of the page."""
    dead_links: PagesOf[DeadLink] = field(default_factory=dict)
    slash_links: PagesOf[DeadLink] = field(default_factory=dict)
    """Links that lack only the final slash of the page at `path`."""
    anchor_links: PagesOf[AnchorLink] = field(default_factory=dict)
    duplicates: PagesOf[str] = field(default_factory=dict)
    external: PagesOf[str] = field(default_factory=dict)
    inside: set[str] = field(default_factory=set)
    """The addresses within the site that were checked."""
    image_faults: PagesOf[ImageFault] = field(default_factory=dict)
    problems: PagesOf[Problem] = field(default_factory=dict)


def is_html(page: Page) -> bool:
    """Whether a page is HTML, by its address."""
    return page.path.endswith(("/", ".html", ".htm"))


class PageScanner:
    """Renders and scans pages. When pickled, it opens the database anew in the other process."""

    def __init__(
        self, database: Path, context: LinkContext, env: Mapping[str, str] = NO_ENV
    ) -> None:
        """`env` are the environment variables that pages show; others are empty."""
        self._database = database
        self._context = context
        self._env = dict(env)

    def __reduce__(self) -> tuple[type[PageScanner], tuple[Path, LinkContext, dict[str, str]]]:
        return PageScanner, (self._database, self._context, self._env)

    def __call__(self, page_ids: Sequence[int]) -> PageScan:
        """Scan some pages."""
        scan = PageScan()
        for page_id in page_ids:
            page = self._renderer.site.page_by_id(page_id)
            try:
                html = scan_html(self._renderer.render(page).decode())
            except RenderError as error:
                for problem in error.problems:
                    scan.problems.setdefault(replace(problem, pages=()), []).append(page.path)
                continue
            self.add(page.path, html, scan)
        return scan

    def add(self, path: str, html: HtmlScan, scan: PageScan) -> None:
        """Add what is on a page to `scan`."""
        scan.ids[path] = html.ids
        for one in html.duplicates:
            scan.duplicates.setdefault(one, []).append(path)
        for fault in image_faults(html, path, self._resolver, self._renderer.site):
            scan.image_faults.setdefault(fault, []).append(path)
        scan.inside.update(self._follow(path, html, scan))

    def close(self) -> None:
        if "_renderer" in vars(self):
            self._renderer.site.close()

    def _follow(self, path: str, html: HtmlScan, scan: PageScan) -> Iterator[str]:
        """Sort the links of a page into `scan`. Yields the addresses within the site."""
        for reference in html.references:
            target = self._resolver.find(reference.url, path, html.base)
            if target.kind is LinkTargetKind.OUTSIDE:
                on = scan.external.setdefault(target.path, [])
                on.extend([path] if path not in on[-1:] else [])
            elif target.kind is not LinkTargetKind.NONE:
                yield target.path
            if target.kind is LinkTargetKind.NOTHING:
                dead = DeadLink(reference.url, target.path, reference.is_file)
                scan.dead_links.setdefault(dead, []).append(path)
                continue
            if target.lacks_slash:
                link = DeadLink(reference.url, target.path, False)
                scan.slash_links.setdefault(link, []).append(path)
            if target.anchor and (target.path != path or target.anchor not in html.ids):
                anchor = AnchorLink(reference.url, target.path, target.anchor)
                scan.anchor_links.setdefault(anchor, []).append(path)

    @cached_property
    def _renderer(self) -> Renderer:
        return Renderer(Site.open(self._database), EnvDefaults(self._env))

    @cached_property
    def _resolver(self) -> AddressResolver:
        return AddressResolver(self._renderer.site, self._context)


def chunks(page_ids: Sequence[int]) -> list[Sequence[int]]:
    """Split pages into chunks for workers."""
    return [page_ids[start : start + CHUNK] for start in range(0, len(page_ids), CHUNK)]


def merge_scans(parts: Iterable[PageScan]) -> PageScan:
    """Merge the results of several scans."""
    whole = PageScan()
    for part in parts:
        whole.ids.update(part.ids)
        whole.inside.update(part.inside)
        for name in (
            "dead_links",
            "slash_links",
            "anchor_links",
            "duplicates",
            "external",
            "image_faults",
            "problems",
        ):
            collected = getattr(whole, name)
            for key, pages in getattr(part, name).items():
                collected.setdefault(key, []).extend(pages)
    return whole
