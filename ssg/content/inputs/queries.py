"""Reads the queries of SQL sources: `queries/users/post.sql` is `users/post`."""

from __future__ import annotations

from collections.abc import Iterator

from ssg.config.load import Project
from ssg.content.inputs.query_checks import problems_of
from ssg.content.source.walk import walk
from ssg.model.errors import Location, Problem
from ssg.model.live.data_source import SourceKind
from ssg.model.live.query import FOLDER, SUFFIX, file_of


def read_queries(project: Project, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Name and text of each query.

    A site without SQL sources has none, whatever is in the folder.
    """
    sources = project.settings.site.sources.values()
    if not any(source.kind == SourceKind.SQL for source in sources):
        return
    for entry in walk(project.root / FOLDER, problems, FOLDER):
        if entry.relative.endswith(SUFFIX):
            name = entry.relative.removesuffix(SUFFIX)
            try:
                text = entry.path.read_text("utf-8-sig")
            except UnicodeDecodeError:
                problems.append(Problem("the query is not UTF-8", Location(file_of(name))))
                continue
            problems += problems_of(name, text)
            yield name, text
