"""The loop of a shell: ask the runtime, bring what it needs, and ask again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ssg.model.live.data_request import Brought, DataAnswer, DataRequest
from ssg.model.texts import MissingBlock
from ssg.runtime.http import Request, Response
from ssg.runtime.needs import Needs
from ssg.runtime.respond import failed_response, respond
from ssg.runtime.tagged_renderer import TaggedRenderer

MAX_ROUNDS = 32
"""A loader asks again after each answer; a page that never has enough is a failure."""

BringData = Callable[[Iterable[DataRequest]], Mapping[DataRequest, DataAnswer]]
"""Asks the sources for all requests of a round at once. It never raises for what they answer."""


def bring_nothing(requests: Iterable[DataRequest]) -> dict[DataRequest, DataAnswer]:
    """The shell of a process that reaches no source."""
    return {one: DataAnswer(0, problem=f"{one.source} is not asked here") for one in requests}


def in_rounds(ask: Callable[[Brought], Response | Needs], bring: BringData) -> Response:
    """Ask until there is a response. Raises MissingBlock: all blocks must be there."""
    brought: dict[DataRequest, DataAnswer] = {}
    for _ in range(MAX_ROUNDS):
        answer = ask(brought)
        if isinstance(answer, Response):
            return answer
        if answer.blocks:
            raise MissingBlock(answer.blocks[0])
        brought |= bring(answer.requests)
    return failed_response(f"the page asks for data in more than {MAX_ROUNDS} rounds")


def answered(
    renderer: TaggedRenderer,
    request: Request,
    bring: BringData = bring_nothing,
    max_body_bytes: int | None = None,
) -> Response:
    """Answer a request in this process. Raises MissingBlock: all blocks must be there."""
    return in_rounds(lambda brought: respond(renderer, request, brought, max_body_bytes), bring)
