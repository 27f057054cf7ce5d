"""What pages are rendered from besides their sources: templates, data, messages, code, queries."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, field, replace

from ssg.config.load import Project
from ssg.content.inputs.data import read_data, read_files
from ssg.content.inputs.messages import Message, read_messages
from ssg.content.inputs.modules import RenderCode, read_render_code
from ssg.content.inputs.queries import read_queries
from ssg.content.inputs.schemas import read_schemas
from ssg.content.inputs.templates import read_templates
from ssg.content.source.document import Diagnostics
from ssg.content.source.walk import FileEntry
from ssg.model.page import Template

_LOAD_DATA = re.compile(r"\bload_data\b")


@dataclass(frozen=True, slots=True)
class RenderInputs:
    """The render inputs of a site, as the site database stores them."""

    templates: list[Template]
    data: list[tuple[str, str]]
    code: RenderCode
    files: list[tuple[str, str]] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    queries: list[tuple[str, str]] = field(default_factory=list)
    """Name and text of each."""
    schemas: list[tuple[str, str]] = field(default_factory=list)
    """Name and code of each."""

    def mention(self, words: re.Pattern[str]) -> bool:
        """Whether a template or a module contains one of some words."""
        texts = [template.text for template in self.templates]
        texts += [module.text for module in self.code.modules]
        return any(map(words.search, texts))

    def texts(self) -> Iterator[str]:
        """All of it, to be hashed."""
        for rows in (self.templates, self.code.modules, self.messages):
            yield from (str(value) for row in rows for value in astuple(row))
        pairs = (*self.data, *self.files, *self.queries, *self.schemas)
        yield from (text for pair in pairs for text in pair)
        yield from self.code.setups

    def insert(self, connection: sqlite3.Connection) -> None:
        connection.executemany(
            "INSERT INTO template VALUES (?, ?, ?, ?, ?)", map(astuple, self.templates)
        )
        connection.executemany("INSERT INTO data VALUES (?, ?)", self.data)
        connection.executemany("INSERT INTO file VALUES (?, ?)", self.files)
        connection.executemany("INSERT INTO query VALUES (?, ?)", self.queries)
        connection.executemany("INSERT INTO schema VALUES (?, ?)", self.schemas)
        connection.executemany("INSERT INTO message VALUES (?, ?, ?)", map(astuple, self.messages))
        connection.executemany(
            "INSERT INTO module VALUES (?, ?, ?, ?)", map(astuple, self.code.modules)
        )


def read_render_inputs(
    project: Project, beside: Iterable[FileEntry], diagnostics: Diagnostics
) -> RenderInputs:
    """Read all render inputs. `beside` are the assets of the content folder.

    Data of these is read only if a template or a module may load it.
    """
    code = read_render_code(project)
    diagnostics.problems.extend(code.problems)
    inputs = RenderInputs(
        templates=read_templates(project, diagnostics.problems),
        data=list(read_data(project.root, diagnostics.problems)),
        code=code,
        messages=read_messages(project, diagnostics),
        queries=list(read_queries(project, diagnostics.problems)),
        schemas=list(read_schemas(project, diagnostics.problems)),
    )
    if not inputs.mention(_LOAD_DATA):
        return inputs
    return replace(inputs, files=list(read_files(project.root, beside, diagnostics.problems)))
