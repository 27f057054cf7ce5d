"""A base class of purgers that send requests to one host, at its pace."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping

from ssg.targets.purge.delivery import Delivery, DeliveryClock, Pace
from ssg.targets.purge.http_post import Post, PostRequest, post
from ssg.targets.purge.purger import PurgeReport, purge_in_batches

MakeRequest = Callable[[], PostRequest]
"""Makes a request, anew for each attempt: some hosts refuse a repeated one."""


class ApiPurger(ABC):
    """Purges what the environment names. Its values are read before anything is sent."""

    host: str
    pace: Pace
    hints: Mapping[int, str]
    """What to do about a status."""
    tags_in_a_request: int

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        log: Callable[[str], None] = lambda _: None,
        clock: DeliveryClock = DeliveryClock(),
        send: Post = post,
    ) -> None:
        self.read(environment)
        self._delivery = Delivery(self.host, self.pace, self.hints, clock, send, log)

    @abstractmethod
    def read(self, environment: Mapping[str, str]) -> None:
        """Take what requests need. Raises PurgeError."""

    @abstractmethod
    def by_tags(self, tags: tuple[str, ...]) -> MakeRequest:
        """The request that purges by some tags."""

    @abstractmethod
    def of_everything(self) -> MakeRequest:
        """The request that purges everything."""

    def purge(self, tags: Iterable[str]) -> PurgeReport:
        return purge_in_batches(
            self.host,
            tags,
            self.tags_in_a_request,
            lambda batch, done: self._delivery.send(self.by_tags(batch), done),
        )

    def purge_everything(self) -> PurgeReport:
        self._delivery.send(self.of_everything())
        return PurgeReport(self.host, everything=True)


def bearer_headers(token: str) -> dict[str, str]:
    """The headers of a request with JSON and a token (RFC 6750, section 2.1)."""
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
