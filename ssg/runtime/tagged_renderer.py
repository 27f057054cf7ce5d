"""A renderer that also returns the cache tags of what it renders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ssg.model.page import Page
from ssg.model.queries.site import Site
from ssg.render.dependencies.recorder import AskedQuestion, questions_of_modules
from ssg.render.dependencies.tags import SITE, TagRecorder, build_tag, page_tag, tags_of
from ssg.render.live.live_page import LivePage
from ssg.render.renderer import NO_ENV, Renderer
from ssg.runtime.live.route_table import RouteTable
from ssg.runtime.live.schema_check import SchemaChecks


class TaggedRenderer(Renderer):
    """Renders pages of a site and finds their cache tags. Not for two threads at once."""

    def __init__(self, site: Site, env: Mapping[str, str] = NO_ENV) -> None:
        """The site gets a listener, so it must not have one."""
        self._recorder = TagRecorder()
        site.listener = self._recorder
        super().__init__(site, env)
        self.routes = RouteTable.of(site.settings.routes)
        self._common = self._recorder.take() | questions_of_modules(site)
        self.build_id = site.build_id
        self.schemas = SchemaChecks(site)

    def drop_record(self) -> None:
        """Call before each request: what the last one asked counts for no other."""
        self._recorder.take()

    def render_tagged(self, page: Page, own: Sequence[str] = ()) -> tuple[bytes, tuple[str, ...]]:
        """Return the bytes of a page, and its tags. `own` are those of the front matter.

        Raises RenderError or MissingBlock; what was recorded until then counts for no page.
        """
        body, asked = self.render_asking(page)
        return body, tags_of(asked, page.path, self.build_id, own)

    def render_asking(self, page: Page) -> tuple[bytes, set[AskedQuestion]]:
        """Return the bytes of a page, and what it depends on. Raises as `render_tagged`."""
        self.drop_record()
        body = self.render(page)
        asked = self._recorder.take()
        asked |= self._common
        asked.add(("page", page.path))
        return body, asked

    def render_live_tagged(
        self, live: LivePage, own: Sequence[str]
    ) -> tuple[bytes, tuple[str, ...]]:
        """As `render_tagged`, for a page that is made from data."""
        self.drop_record()
        body = self.render_live(live)
        asked = self._recorder.take() | self._common
        return body, tags_of(asked, live.page.path, self.build_id, own)

    def tags_without_render(self, path: str, own: Sequence[str] = ()) -> tuple[str, ...]:
        """The tags of an answer that shows nothing of a page, such as a redirect to it."""
        return tuple(sorted({page_tag(path), SITE.tag, build_tag(self.build_id), *own}))
