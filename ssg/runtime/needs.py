"""What the runtime lacks for an answer. A shell brings it, and asks again."""

from __future__ import annotations

from dataclasses import dataclass

from ssg.model.live.data_request import DataRequest


@dataclass(frozen=True, slots=True)
class Needs:
    """Everything that is lacking in one round: bring all of it at once."""

    blocks: tuple[str, ...] = ()
    """Digests of blocks of texts, for `Texts.give`."""
    requests: tuple[DataRequest, ...] = ()
    """Requests for data, whose answers go into the next call of `respond`."""
