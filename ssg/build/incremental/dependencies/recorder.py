"""Renders pages and writes down what each of them hangs on."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ssg.build.incremental.dependencies.recording_site import (
    NOW,
    Question,
    RecordingSite,
    id_of,
    is_told,
    packed,
)
from ssg.model.database import open_readonly
from ssg.model.page import Page
from ssg.model.texts import Texts
from ssg.render.renderer import Renderer

COMMON = ""
"""The record of what every page hangs on: what is asked for before the first of them."""


@dataclass(slots=True)
class Renders:
    """What some renders asked for: ids of questions by path, and the open questions in full."""

    asked: dict[str, bytes] = field(default_factory=dict)
    questions: dict[int, Question] = field(default_factory=dict)

    def add(self, other: Renders) -> None:
        """Take in what another process wrote down."""
        self.asked |= other.asked
        self.questions |= other.questions

    def note(self, path: str, asked: set[Question]) -> None:
        self.asked[path] = packed(asked)
        self.questions |= {id_of(one): one for one in asked if not is_told(one)}


class Recorder:
    """A renderer whose site writes down what it is asked."""

    def __init__(self, database: Path, kind: type[RecordingSite] = RecordingSite) -> None:
        self.site = kind(open_readonly(database), Texts.beside(database))
        self.renderer = Renderer(self.site)
        self.renders = Renders()
        common = self.site.take()
        modules = (self.site.module(name) for name in self.site.module_names())
        if any(module and NOW.search(module.text) for module in modules):
            common.add(("now",))
        self.site.take()
        self.renders.note(COMMON, common)

    def render(self, page: Page) -> bytes:
        """A page. Raises RenderError; nothing is noted then."""
        data = self.renderer.render(page)
        self.renders.note(page.path, self.site.take() | {("page", page.path)})
        return data

    def taken(self) -> Renders:
        """What was noted since the last time."""
        taken, self.renders = self.renders, Renders()
        return taken

    def close(self) -> None:
        self.site.close()
