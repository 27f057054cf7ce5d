"""Purges Varnish, by PURGE requests that the VCL in `examples/deploy/varnish.vcl` understands.

Source: https://github.com/varnish/varnish-modules/blob/master/src/vmod_xkey.vcc. Several instances
have caches of their own, so each is told. One that fails keeps no other from being purged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ssg.model.errors import Problem, PurgeError
from ssg.targets.fronts.soft_purge import is_soft
from ssg.targets.purge.delivery import Delivery, DeliveryClock, Pace
from ssg.targets.purge.http_post import (
    Post,
    PostRequest,
    checked_address,
    checked_secret,
    post,
)
from ssg.targets.purge.purger import PurgeReport, purge_in_batches, usable_tags

URLS = "SSG_VARNISH_URLS"
SECRET = "SSG_VARNISH_SECRET"  # noqa: S105 the name of a variable
PACE = Pace(1000, 1.0)
TAGS_IN_A_REQUEST = 50
"""Varnish takes headers of 8 KB."""

_URLS_HINT = "Write http://127.0.0.1:6081, or several addresses with a space between"
_NOT_OURS = "Its VCL does not take PURGE requests: see examples/deploy/varnish.vcl"
_HINTS = {
    403: f"{SECRET} is not that of Varnish; without one, it takes purges from its own machine only",
    404: _NOT_OURS,
    405: _NOT_OURS,
}


class VarnishPurger:
    """Purges each instance that the environment names."""

    host = "Varnish"

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        log: Callable[[str], None] = lambda _: None,
        clock: DeliveryClock = DeliveryClock(),
        send: Post = post,
    ) -> None:
        secret = environment.get(SECRET, "").strip()
        self._secret = {"Ssg-Purge-Secret": checked_secret(secret, SECRET, "")} if secret else {}
        self._tag_header = "xkey-softpurge" if is_soft(environment) else "xkey-purge"
        self._instances = [
            (url, Delivery(f"{self.host} at {url}", PACE, _HINTS, clock, send, log))
            for url in _urls(environment)
        ]

    def purge(self, tags: Iterable[str]) -> PurgeReport:
        each = usable_tags(tags)
        return self._at_each(lambda url, delivery: self._purge(url, delivery, each))

    def purge_everything(self) -> PurgeReport:
        def purge(url: str, delivery: Delivery) -> PurgeReport:
            self._send(url, delivery, {"xkey-purge-all": "1"})
            return PurgeReport(self.host, everything=True)

        return self._at_each(purge)

    def _at_each(self, purge: Callable[[str, Delivery], PurgeReport]) -> PurgeReport:
        reports: list[PurgeReport] = []
        problems: list[Problem] = []
        for url, delivery in self._instances:
            try:
                reports.append(purge(url, delivery))
            except PurgeError as error:
                problems += error.problems
        if problems:
            raise PurgeError(problems)
        requests = sum(report.requests for report in reports)
        return PurgeReport(self.host, reports[0].tags, reports[0].everything, requests)

    def _purge(self, url: str, delivery: Delivery, tags: tuple[str, ...]) -> PurgeReport:
        def send(batch: tuple[str, ...], done: str) -> None:
            self._send(url, delivery, {self._tag_header: " ".join(batch)}, done)

        return purge_in_batches(self.host, tags, TAGS_IN_A_REQUEST, send)

    def _send(
        self, url: str, delivery: Delivery, headers: Mapping[str, str], done: str = ""
    ) -> None:
        request = PostRequest(f"{url}/", b"", {**headers, **self._secret}, "PURGE")
        delivery.send(lambda: request, done)


def _urls(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The addresses of the instances, each once."""
    words = environment.get(URLS, "").replace(",", " ").split()
    if not words:
        message = f"the environment variable {URLS} is not set"
        raise PurgeError(Problem(message, None, _URLS_HINT))
    return tuple(dict.fromkeys(checked_address(word, URLS, private_http=True) for word in words))
