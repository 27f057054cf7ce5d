"""Functions that templates can call."""

from __future__ import annotations

import base64
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ssg.model.errors import did_you_mean
from ssg.model.page import PageKind
from ssg.model.urls import canonical_path
from ssg.render.markdown.links import split_target
from ssg.render.templates.messages import MessageCatalog
from ssg.render.views.localized_site import LocalizedSite
from ssg.render.views.page import PageView
from ssg.render.views.site import TaxonomyView

_SLOT = re.compile(r"\{(\w+)\}")


def template_functions(localized: LocalizedSite) -> Mapping[str, Callable[..., Any]]:
    """Return the functions of a site's templates by name."""
    owner = _Functions(localized)
    names = (name for name in vars(_Functions) if not name.startswith("_"))
    return {name: getattr(owner, name) for name in names}


class _Functions:
    """Each public method is a function of templates, documented in `content/docs/templates.md`."""

    def __init__(self, localized: LocalizedSite) -> None:
        self._localized = localized
        self._site = localized.site
        self._messages = MessageCatalog(localized.site, localized.settings.language_code)

    # -- pages -------------------------------------------------------------------------------

    def get_page(self, name: str) -> PageView:
        """Return a page by its source file (`blog/post.md`) or its path (`/blog/post/`)."""
        found = self._localized.sources.page(name.removeprefix("@/"), self._localized.language)
        found = found or self._site.page_at(canonical_path(name))
        if found is None:
            known = [part for page in self._site.all_pages() for part in (page.path, page.source)]
            raise _missing(f'get_page: there is no page "{name}"', name, filter(None, known))
        return PageView(found, self._localized)

    def get_section(self, name: str) -> PageView:
        """Return a section by its folder (`blog`), its source file or its path."""
        plain = name.removeprefix("@/").removesuffix("_index.md").strip("/")
        source = f"{plain}/_index.md".removeprefix("/")
        found = self._localized.sources.page(source, self._localized.language)
        home = self._localized.settings.home_path.rstrip("/")
        for path in (home + canonical_path(name + "/"), canonical_path(name + "/")):
            found = found or self._site.page_at(path)
        if found is None or found.kind != PageKind.SECTION:
            known = (page.path for page in self._site.all_pages() if page.kind == PageKind.SECTION)
            raise _missing(f'get_section: there is no section "{name}"', name, known)
        return PageView(found, self._localized)

    def get_taxonomy(self, name: str) -> TaxonomyView:
        """Return a taxonomy by its name, even if no page has a term of it."""
        known = self._localized.settings.taxonomies
        if name not in known:
            raise _missing(f'get_taxonomy: there is no taxonomy "{name}"', name, known)
        return TaxonomyView(name, self._localized)

    # -- links and files ---------------------------------------------------------------------

    def get_url(self, name: str, absolute: bool = False, *, cachebust: bool = False) -> str:
        """Return a link to a source file (`@/blog/post.md`) or to a path (`/style.css`)."""
        if name.startswith("@/"):
            source, rest = split_target(name)
            page = self.get_page(source)
            return (page.permalink if absolute else page.url) + rest
        path, rest = split_target("/" + name.lstrip("/"))
        if cachebust:
            path = self._fingerprinted(path)
        return (self._localized.permalink(path) if absolute else self._localized.url(path)) + rest

    def get_file_hash(self, name: str) -> str:
        """Return the SHA-384 of a copied file, in hex digits."""
        return self._published("get_file_hash", "/" + name.lstrip("/"))[0]

    def get_integrity(self, name: str) -> str:
        """Return the hash of a copied file for the attribute `integrity` (W3C, SRI)."""
        digest, _ = self._published("get_integrity", "/" + name.lstrip("/"))
        return "sha384-" + base64.b64encode(bytes.fromhex(digest)).decode()

    def _fingerprinted(self, path: str) -> str:
        found = self._published("get_url", path)[1]
        if found is None:
            error = LookupError(f'get_url: the file "{path}" has no copy with a hash in its name')
            error.hint = "Add it to assets.fingerprint"  # type: ignore[attr-defined]  # read by `template_errors`
            raise error
        return found

    def _published(self, function: str, path: str) -> tuple[str, str | None]:
        found = self._site.published(path)
        if found is None:
            known = self._site.published_paths()
            raise _missing(f'{function}: there is no file "{path}" to copy', path, known)
        return found

    # -- data --------------------------------------------------------------------------------

    def load_data(self, name: str, page: PageView | None = None) -> Any:
        """Return the data of a file: `data/a.toml`, `@/trip/a.csv`, or `a.csv` beside a page."""
        path = "content/" + name[2:] if name.startswith("@/") else name
        if page is not None:
            path = posixpath.join("content", posixpath.dirname(page.source or ""), name)
        path = posixpath.normpath(path)
        found = self._site.file(path)
        if found is None:
            known = self._site.file_paths()
            raise _missing(f'load_data: there is no data file "{path}"', path, known)
        return found

    def trans(self, key: str, lang: str = "", **values: object) -> str:
        """Return a message of `i18n/` in the page's language or in `lang`, with `{name}` replaced.

        With a `count`, it is the plural form for that number.
        """
        text = self._messages.find(key, str(lang), values.get("count"))
        if text is None:
            default = self._localized.settings.default_language
            known = self._site.message_keys()
            raise _missing(f'trans: there is no text "{key}" in {default}', key, known)
        return _SLOT.sub(lambda slot: str(values.get(slot[1], slot[0])), text) if values else text


def _missing(message: str, name: str, known: Iterable[str]) -> LookupError:
    error = LookupError(message)
    error.hint = did_you_mean(name, known)  # type: ignore[attr-defined]  # read by `template_errors`
    return error
