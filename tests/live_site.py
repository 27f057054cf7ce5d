"""A site with live pages, and sources that answer what a test says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.runtime.http import Request, Response
from ssg.runtime.rounds import answered
from ssg.runtime.tagged_renderer import TaggedRenderer
from tests.conftest import Built, Files, build_site, write

Answers = Mapping[str, Any]
"""Values by path of a request; a `DataAnswer` is taken as it is. Any other path is a 404."""


def bring(answers: Answers) -> Callable[[Iterable[DataRequest]], dict[DataRequest, DataAnswer]]:
    """A shell whose sources have these answers."""

    def brought(requests: Iterable[DataRequest]) -> dict[DataRequest, DataAnswer]:
        return {
            one: _answer(answers.get(one.path or one.query, DataAnswer(404))) for one in requests
        }

    return brought


def _answer(value: Any) -> DataAnswer:
    return value if isinstance(value, DataAnswer) else DataAnswer(200, json.dumps(value).encode())


@dataclass(frozen=True)
class LiveSite:
    """A finished build for a server."""

    built: Built

    @classmethod
    def make(cls, root: Path, files: Files) -> LiveSite:
        write(root, files)
        return cls(build_site(root, target="server"))

    @cached_property
    def renderer(self) -> TaggedRenderer:
        return TaggedRenderer(self.built.site, {})

    def get(self, path: str, answers: Answers, method: str = "GET") -> Response:
        return answered(self.renderer, Request(method, path), bring(answers))

    def html(self, path: str, answers: Answers) -> str:
        found = self.get(path, answers)
        assert found.status == 200, found.failure or found
        return found.body.decode()
