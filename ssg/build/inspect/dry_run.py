"""Compiles a site without building it: scan and plan alone, in a temporary folder."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ssg.build.compile_site import compile_site
from ssg.build.options import BuildOptions
from ssg.build.tag_table.tag_values import tag_names
from ssg.config.load import Project
from ssg.content.scan import Scan
from ssg.content.source.publication import IncludeOptions
from ssg.model.errors import (
    ContentError,
    Location,
    Problem,
    SourceDataError,
    SsgError,
    did_you_mean,
)
from ssg.model.page import NO_TEMPLATE, Page
from ssg.model.queries.site import Site
from ssg.model.urls import base_path, canonical_path, decode_path, quote_path
from ssg.popularity.popular_pages import POPULAR_NAME, PopularPages
from ssg.redirects.matching.match import first_match
from ssg.redirects.matching.request import RedirectRequest
from ssg.redirects.matching.rule_table import RuleTable
from ssg.redirects.rule import RedirectRule
from ssg.render.dependencies.recorder import AskedQuestion
from ssg.render.dependencies.tags import build_tag, dependencies_of, tags_of
from ssg.render.templates.environment import template_chain
from ssg.render.views.env import EnvDefaults
from ssg.runtime.tagged_renderer import TaggedRenderer
from ssg.targets.load_target import target_for
from ssg.targets.routing.image_rules import function_images


@dataclass(frozen=True, slots=True)
class CompiledSite:
    """A site as a build would compile it now."""

    project: Project
    options: BuildOptions
    site: Site
    scan: Scan
    database: Path
    unanswered: tuple[Problem, ...] = ()
    """Why no known paths of live pages are there: sources did not answer."""
    warnings: Sequence[Problem] = ()
    """What a build says of the plan: what its host ignores, and what the plan lacks."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything about one page that a build decides."""

    page: Page
    permalink: str
    maker: Location | None
    """The hook that made its source; None if there is none."""
    templates: tuple[str, ...]
    rule: RedirectRule | None
    """The redirect rule that routes it; None for a page that is a file."""
    size: int
    """Bytes of the rendered page."""
    requests: int | None
    """In the logs that were counted; None if none were."""
    tags: Mapping[str, str]
    """The cache tags of its answer, and what each stands for; none where the host has no tags."""


@contextlib.contextmanager
def dry_run(project: Project, options: BuildOptions) -> Iterator[CompiledSite]:
    """Scan and plan a site. Raises SsgError as a build would, but goes on if sources of data fail:
    then it has no known paths of live pages.
    """
    with tempfile.TemporaryDirectory(prefix="ssg-") as folder:
        path = Path(folder) / "site.db"
        unanswered: tuple[Problem, ...] = ()
        try:
            scan, plan = compile_site(project, options, path)
        except SourceDataError as error:
            path, unanswered = Path(folder) / "unasked.db", error.problems
            options = replace(options, asks_sources=False)
            scan, plan = compile_site(project, options, path)
        site = Site.open(path)
        try:
            yield CompiledSite(project, options, site, scan, path, unanswered, plan.warnings)
        finally:
            site.close()


def explain(compiled: CompiledSite, name: str) -> Explanation:
    """Explain a page by its URL, its path or its source file. Raises ContentError if unknown."""
    page = _find(compiled, name)
    renderer = TaggedRenderer(compiled.site, EnvDefaults(compiled.options.env))
    body, asked = renderer.render_asking(page)
    has_tags = page.deferred and target_for(compiled.project.settings.target).capabilities.tags
    return Explanation(
        page=page,
        permalink=renderer.localized.permalink(page.path),
        maker=compiled.scan.hook_locations.get(page.source or ""),
        templates=tuple(template_chain(compiled.site, page.template)),
        rule=rule_for(compiled, page.path) if page.deferred else None,
        size=len(body),
        requests=_requests(compiled.site, page),
        tags=_tags(compiled, page, asked) if has_tags else {},
    )


def _requests(site: Site, page: Page) -> int | None:
    values = site.data(POPULAR_NAME)
    try:
        return None if values is None else PopularPages.from_values(values).requests_of(page.path)
    except ValueError:
        return None


def _tags(compiled: CompiledSite, page: Page, asked: Collection[AskedQuestion]) -> dict[str, str]:
    """The tags of a page that asked some questions, and what each stands for, in words."""
    build_id, own = compiled.site.build_id, page.cache_tags.split()
    names = {
        **tag_names(compiled.database),
        **{one.tag: f"{one.kind} {one.name}".strip() for one in dependencies_of(asked)},
        **dict.fromkeys(own, "a tag of your own"),
        build_tag(build_id): "this build",
    }
    return {tag: names.get(tag, tag) for tag in tags_of(asked, page.path, build_id, own)}


def _find(compiled: CompiledSite, name: str) -> Page:
    page, path = look_up(compiled.site, name)
    if page and page.template == NO_TEMPLATE:
        message = f"{page.path} is not a page: the section redirects"
        raise ContentError(Problem(message, None, "See redirect_to in its front matter"))
    if page is None:
        hint = _left_out(compiled, name)
        hint = hint or did_you_mean(path, (page.path for page in compiled.site.all_pages()))
        what = "page or picture" if compiled.site.settings.images else "page"
        raise ContentError(Problem(f"there is no {what} {name}", None, hint))
    return page


def look_up(site: Site, name: str) -> tuple[Page | None, str]:
    """The page that a URL, a path or a source file names, and the path that it would have."""
    source, path = name.removeprefix("./").removeprefix("content/"), path_named(site, name)
    page = site.page_from(source) or site.page_at(path) or site.page_at(path.rstrip("/"))
    return page, path


def path_named(site: Site, name: str) -> str:
    """The canonical path that a URL or a path names."""
    base = site.settings.base_url.rstrip("/")
    path = decode_path(name.removeprefix(base).split("?")[0].split("#")[0])
    return canonical_path(name if path is None else path.removeprefix(base_path(base) or "//"))


def _left_out(compiled: CompiledSite, name: str) -> str | None:
    """A hint that a page exists but is left out. It takes another scan, only in this case."""
    options = replace(
        compiled.options, include=IncludeOptions(drafts=True, future=True, expired=True)
    )
    with contextlib.suppress(SsgError), dry_run(compiled.project, options) as everything:
        page, _ = look_up(everything.site, name)
        reasons = dict(everything.site.left_out_pages())
        if page and page.path in reasons:
            why = f"content/{page.source} is left out: {reasons[page.path]}"
            return f"{why}. --drafts, --future and --expired take such pages in"
    return None


def rule_for(compiled: CompiledSite, path: str) -> RedirectRule | None:
    """The redirect rule for a request for a path that is not a file."""
    target = target_for(compiled.project.settings.target, package=False)
    paths = [page.path for page in compiled.site.deferred_pages()]
    errors = compiled.site.error_paths()
    live = compiled.project.settings.site.routes
    images = function_images(compiled.site)
    known = (compiled.project.root, compiled.scan.aliases)
    routes = target.routes(*known, paths, errors, live, images)
    return first_match(RuleTable.of(routes.rules), RedirectRequest(quote_path(path))).rule
