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
        target = localized.sources.page(found[1], page.language)
        return f"]({localized.permalink(target.path)}{found[2]}" if target else found[0]

    text = _INTERNAL.sub(link, localized.site.body(owner.id).text)
    return {"page": PageView(owner, localized), "text": text.strip("\n")}
