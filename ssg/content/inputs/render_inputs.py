"""What pages are made of beside their sources: templates, data files, Python of the site's own."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, field, replace

from ssg.config.load import Project
from ssg.content.inputs.data import read_data, read_files
from ssg.content.inputs.messages import Phrase, read_phrases
from ssg.content.inputs.modules import Code, read_code
from ssg.content.inputs.templates import read_templates
from ssg.content.source.document import Notes
from ssg.content.source.tree import Entry
from ssg.model.page import Template

_LOAD_DATA = re.compile(r"\bload_data\b")


@dataclass(frozen=True, slots=True)
class Materials:
    """As they go into the site database."""

    templates: list[Template]
    data: list[tuple[str, str]]
    code: Code
    files: list[tuple[str, str]] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)

    def mention(self, words: re.Pattern[str]) -> bool:
        """Whether a template or a module has some words in it."""
        texts = [template.text for template in self.templates]
        texts += [module.text for module in self.code.modules]
        return any(map(words.search, texts))

    def texts(self) -> Iterator[str]:
        """All of it, for a digest."""
        for rows in (self.templates, self.code.modules, self.phrases):
            yield from (str(value) for row in rows for value in astuple(row))
        yield from (text for pair in (*self.data, *self.files) for text in pair)
        yield from self.code.setups

    def insert(self, connection: sqlite3.Connection) -> None:
        connection.executemany(
            "INSERT INTO template VALUES (?, ?, ?, ?, ?)", map(astuple, self.templates)
        )
        connection.executemany("INSERT INTO data VALUES (?, ?)", self.data)
        connection.executemany("INSERT INTO file VALUES (?, ?)", self.files)
        connection.executemany("INSERT INTO phrase VALUES (?, ?, ?)", map(astuple, self.phrases))
        connection.executemany(
            "INSERT INTO module VALUES (?, ?, ?, ?)", map(astuple, self.code.modules)
        )


def read_materials(project: Project, beside: Iterable[Entry], notes: Notes) -> Materials:
    """Read them all; what is wrong is noted. `beside` are files in the content folder.

    Those are kept only where something may load one.
    """
    code = read_code(project)
    notes.problems.extend(code.problems)
    materials = Materials(
        templates=read_templates(project, notes.problems),
        data=list(read_data(project.root, notes.problems)),
        code=code,
        phrases=read_phrases(project, notes),
    )
    if not materials.mention(_LOAD_DATA):
        return materials
    return replace(materials, files=list(read_files(project.root, beside, notes.problems)))
