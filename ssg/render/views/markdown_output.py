"""`page` and `text` in the template of a page as Markdown (`outputs.markdown`)."""

from __future__ import annotations

import re

from ssg.model.page import Page
from ssg.render.views.localized_site import LocalizedSite
from ssg.render.views.page import PageView

_INTERNAL = re.compile(r"\]\((?:<)?@/([^)\s>#?]+)([^)\s>]*)(?:>)?")


def markdown_context(page: Page, localized: LocalizedSite) -> dict[str, object]:
    """Return the `page` that is published as Markdown, and its `text` with absolute links."""
    owner = localized.site.page_by_id(page.parent_id or 0)

    def link(found: re.Match[str]) -> str:
        path = _path_of(found[1], page, localized)
        return f"]({localized.permalink(path)}{found[2]}" if path else found[0]

    text = _INTERNAL.sub(link, localized.site.body(owner.id).text)
    return {"page": PageView(owner, localized), "text": text.strip("\n")}


def _path_of(source: str, page: Page, localized: LocalizedSite) -> str | None:
    """The path of a page, or of a file beside a page."""
    if target := localized.sources.page(source, page.language):
        return target.path
    if file := localized.sources.asset(source):
        owner_id, name = file
        return f"{localized.site.page_by_id(owner_id).path.rpartition('/')[0]}/{name}"
    return None
