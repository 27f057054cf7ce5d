"""Resolves links: what answers at an address, a page, a file, an alias or a redirect rule."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit

from ssg.model.glob import compile_glob
from ssg.model.images.variant import VARIANTS_PATH
from ssg.model.queries.site import Site
from ssg.model.urls import INDEX_FILE, base_path, canonical_path, decode_path, quote_path
from ssg.redirects.matching.rule_table import RuleTable
from ssg.redirects.rule import RedirectRule
from ssg.render.views.card import find_card
from ssg.runtime.live.route_table import RouteTable

_FUNCTIONS = ("/.netlify/", "/_vercel/")
_CACHE_SIZE = 65536
"""Most pages have the same links."""


class LinkTargetKind(StrEnum):
    """What answers at an address."""

    PAGE = "page"
    OTHER = "other"
    """A file, a redirect, a function."""
    NOTHING = "nothing"
    OUTSIDE = "outside"
    """Another site."""
    NONE = "none"
    """Not an address of the web (`mailto:`, `data:`), or one that is ignored."""


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """The target of a link. `path` is a path of the site, or the whole URL on another site."""

    kind: LinkTargetKind
    path: str = ""
    anchor: str = ""
    lacks_slash: bool = False
    """Whether the address of a page is written without its final slash, so that it redirects."""


@dataclass(frozen=True, slots=True)
class LinkContext:
    """What the targets of links depend on besides pages. It is pickled for workers."""

    files: frozenset[str] = frozenset()
    """The names of files in the publish folder."""
    rules: tuple[RedirectRule, ...] = ()
    """The rules of the site itself, without those that lead to deferred pages."""
    ignore: tuple[str, ...] = ()
    """Globs of addresses to skip: whole URLs, or paths of the site."""


class AddressResolver:
    """Resolves the links of a site."""

    def __init__(self, site: Site, context: LinkContext) -> None:
        self._site = site
        self._files = context.files
        self._rules = RuleTable.of(context.rules)
        self._ignored = [compile_glob(glob) for glob in context.ignore]
        self._routes = RouteTable.of(site.settings.routes)
        self._root = site.settings.base_url.rstrip("/")
        self._base = base_path(site.settings.base_url)
        self._host = urlsplit(site.settings.base_url).netloc
        self._cached_find = lru_cache(maxsize=_CACHE_SIZE)(self._find)

    def find(self, url: str, page_path: str, base: str | None = None) -> LinkTarget:
        """The target of a link on a page. `base` is the `href` of the page's `base` element."""
        if base is None and url.startswith("#"):
            return LinkTarget(LinkTargetKind.PAGE, page_path, _anchor(url[1:]))
        if url.startswith("/") and not url.startswith("//") and base is None:
            return self._cached_find(url)
        start = self._root + quote_path(page_path)
        return self._cached_find(urljoin(urljoin(start, base) if base else start, url))

    def _find(self, url: str) -> LinkTarget:
        try:
            whole = urljoin(self._root + "/", url)
            parts = urlsplit(whole)
        except ValueError:  # brackets that do not contain an IPv6 address
            return LinkTarget(LinkTargetKind.NOTHING, url)
        if parts.scheme not in {"http", "https"}:
            return LinkTarget(LinkTargetKind.NONE)
        if self._is_ignored(whole, parts.path):
            return LinkTarget(LinkTargetKind.NONE)
        if parts.netloc != self._host or not f"{parts.path}/".startswith(f"{self._base}/"):
            return LinkTarget(LinkTargetKind.OUTSIDE, whole.partition("#")[0])
        return self._inside(parts.path[len(self._base) :] or "/", _anchor(parts.fragment))

    def _inside(self, raw: str, anchor: str) -> LinkTarget:
        path = decode_path(raw)
        if path is None:
            return LinkTarget(LinkTargetKind.NOTHING, raw)
        if page := self._page(path):
            return LinkTarget(LinkTargetKind.PAGE, page, anchor, page == f"{path}/")
        name = path.strip("/")
        if name in self._files or f"{name}/{INDEX_FILE}" in self._files:
            return LinkTarget(LinkTargetKind.OTHER, path)
        if path.startswith(_FUNCTIONS) or self._is_redirected(path) or self._is_made(path):
            return LinkTarget(LinkTargetKind.OTHER, path)
        if live := self._live_path(path):
            return LinkTarget(LinkTargetKind.OTHER, live, anchor, live == f"{path}/")
        return LinkTarget(LinkTargetKind.NOTHING, path)

    def _page(self, path: str) -> str | None:
        """The path of the page that answers. Hosts add a slash, `.html` or `index.html`."""
        bare = path.removesuffix(INDEX_FILE)
        forms = (path, canonical_path(path), bare, f"{path}.html", f"{path}/")
        for form in dict.fromkeys(forms):
            page = self._site.page_at(form)
            if page is not None and page.template:
                return page.path
        return None

    def _live_path(self, path: str) -> str | None:
        """The path of a live page, which may or may not exist: only its data says so."""
        forms = (path, path.removesuffix(INDEX_FILE), f"{path}/")
        return next((form for form in forms if self._routes.find(form)), None)

    def _is_ignored(self, url: str, path: str) -> bool:
        """Whether a glob names an address. `/shop/**` names `/shop`, too."""
        forms = (url, path, f"{path}/")
        return any(glob.fullmatch(form) for glob in self._ignored for form in forms)

    def _is_made(self, path: str) -> bool:
        """Whether it is a variant of a picture or a card, made by the build or on request."""
        if not path.startswith(VARIANTS_PATH):
            return False
        return bool(self._site.find_variant(path) or find_card(self._site, path))

    def _is_redirected(self, path: str) -> bool:
        """Whether a rule redirects a path, even if only for some visitors."""
        return any(rule.status != 404 for rule in self._rules.for_path(path))


def _anchor(fragment: str) -> str:
    """The id in a fragment. `:~:` begins a text directive (URL Fragment Text Directives)."""
    return unquote(fragment.partition(":~:")[0])
