"""Sessions: what a build of `ssg serve` keeps in memory for the next one.

`ssg serve` watches the sources. So the next build examines only the files that changed. It also
assumes that nobody else changes its publish folder, which is within `.ssg/`.
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
    """What the next build does not need to examine."""

    sources: WatchedContent
    written: WrittenFiles
    non_page_files: frozenset[str]
    """The files of the publish folder that are not pages."""


@dataclass(frozen=True, slots=True)
class Session:
    """One build, as the next build of the same process knows it."""

    project: Project
    include: IncludeOptions
    content: DiscoveredContent
    written: WrittenFiles
    non_page_files: frozenset[str]
    state: str
    """The fingerprint of the files in `.ssg` that it left."""

    @classmethod
    def after(
        cls,
        project: Project,
        include: IncludeOptions,
        layout: Layout,
        content: DiscoveredContent | None,
        written: WrittenFiles,
        non_page_files: frozenset[str],
    ) -> Session | None:
        """The session after a build; None if its hooks or plugins may read any file."""
        if content is None or may_read_anything(project):
            return None
        kept = without_documents(content)
        return cls(project, include, kept, written, non_page_files, _state(layout))

    def knowledge(
        self, project: Project, include: IncludeOptions, layout: Layout, changed: frozenset[str]
    ) -> SessionKnowledge | None:
        """What is known if `changed` are all files that changed since; None for nothing."""
        if (project, include, _state(layout)) != (self.project, self.include, self.state):
            return None
        if may_read_anything(project) or layout.journal.exists():
            return None
        sources = WatchedContent(self.content, changed)
        return SessionKnowledge(sources, self.written, self.non_page_files)


def _state(layout: Layout) -> str:
    """A fingerprint that changes if the folders are removed, by `ssg clean` for example."""
    folder = layout.output.stat().st_ino if layout.output.is_dir() else 0
    files = [layout.written_files, layout.database, layout.dependencies]
    return f"{folder} {tree_fingerprint(files)}"
