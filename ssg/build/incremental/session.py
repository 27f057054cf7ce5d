"""What a build leaves in memory for the next one, in a process that watches the sources meanwhile.

The next build looks only at the sources that the watch names. It also takes the files of the
publish folder as they were written: the folder belongs to the process.
"""

from __future__ import annotations

from dataclasses import dataclass

from ssg.build.incremental.up_to_date import may_read_anything
from ssg.build.layout import Layout
from ssg.build.publish.written_files import WrittenFiles
from ssg.config.load import Project
from ssg.content.reading.discover import DiscoveredContent
from ssg.content.reading.watched_content import WatchedContent, without_documents
from ssg.content.source.publication import IncludeOptions
from ssg.fingerprint.files import tree_fingerprint


@dataclass(frozen=True, slots=True)
class SessionKnowledge:
    """What the next build need not look for."""

    sources: WatchedContent
    written: WrittenFiles
    without_page: frozenset[str]
    """The files in the publish folder that no page makes."""


@dataclass(frozen=True, slots=True)
class Session:
    """One build, as the next one of the same process may rely on it."""

    project: Project
    include: IncludeOptions
    content: DiscoveredContent
    written: WrittenFiles
    without_page: frozenset[str]
    state: str
    """The fingerprint of the files that it left beside the publish folder."""

    @classmethod
    def after(
        cls,
        project: Project,
        include: IncludeOptions,
        layout: Layout,
        content: DiscoveredContent | None,
        written: WrittenFiles,
        without_page: frozenset[str],
    ) -> Session | None:
        """The session after a build; None if hooks or plugins may read anything."""
        if content is None or may_read_anything(project):
            return None
        kept = without_documents(content)
        return cls(project, include, kept, written, without_page, _state(layout))

    def knowledge(
        self, project: Project, include: IncludeOptions, layout: Layout, changed: frozenset[str]
    ) -> SessionKnowledge | None:
        """What is known now, if `changed` are all files that changed; None: nothing."""
        if (project, include, _state(layout)) != (self.project, self.include, self.state):
            return None
        if may_read_anything(project):
            return None
        sources = WatchedContent(self.content, changed)
        return SessionKnowledge(sources, self.written, self.without_page)


def _state(layout: Layout) -> str:
    """Another one if somebody cleaned up."""
    folder = layout.output.stat().st_ino if layout.output.is_dir() else 0
    files = [layout.written_files, layout.database, layout.dependencies]
    return f"{folder} {tree_fingerprint(files)}"
