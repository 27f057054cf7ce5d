"""Warms a deployed site: requests its deferred pages, so that its cache contains them.

Only the host that the user names is requested, not faster than the user says, and no redirect is
followed.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import threading
import time
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import ssg
from ssg.model.errors import Location, Problem, TargetError
from ssg.model.queries.site import Site
from ssg.model.urls import decode_path, output_file, quote_path

CONNECTIONS = 4
TRANSFER_SECONDS = 10.0
"""How long the network and the cache of the host may take, in addition to a render."""
LONGEST_RENDER_SECONDS = 300.0
"""Where the host has no limit, or is not known."""

_MEMBER = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+')


@dataclass(frozen=True, slots=True)
class WarmedPage:
    """A page that was requested. If there was no answer, `status` is None."""

    path: str
    status: int | None
    outcome: str
    """What the host's cache reports: `hit`, `uri-miss`, `stale`; `-` for nothing. Without an
    answer, the reason."""
    seconds: float

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


RequestPath = Callable[[str], WarmedPage]


def manifest_paths(manifest: Path) -> list[str]:
    """The paths of all deferred pages of a build."""
    try:
        return [page["path"] for page in json.loads(manifest.read_text("utf-8"))["pages"]]
    except OSError as error:
        hint = "Run ssg build first, or name a file with --from"
        raise TargetError(Problem(f"there is no manifest {manifest}", None, hint)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise TargetError(Problem("the file is not a manifest", Location(str(manifest)))) from error


def newest_paths(database: Path, limit: int) -> list[str]:
    """The newest deferred pages of a build. Lists have no date and come last."""
    if not database.is_file():
        raise TargetError(Problem(f"there is no site database {database}", None, "Run ssg build"))
    site = Site.open(database)
    try:
        return [page.path for page in site.newest_deferred(limit)]
    finally:
        site.close()


def live_paths(database: Path, files: Container[str] = ()) -> list[str]:
    """The known paths of live pages, in the order of their sources, without those in `files`."""
    if not database.is_file():
        raise TargetError(Problem(f"there is no site database {database}", None, "Run ssg build"))
    with contextlib.closing(Site.open(database)) as site:
        known = sorted(site.known_paths(), key=lambda one: (one.number, one.route))
    return [one.path for one in known if output_file(one.path) not in files]


def listed_paths(file: Path) -> list[str]:
    """The paths of a file: a manifest, or one a line. Raises TargetError with every problem."""
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TargetError(Problem(f"cannot read it: {error}", Location(str(file)))) from error
    if text.lstrip().startswith("{"):
        return manifest_paths(file)
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1)]
    lines = [(number, line) for number, line in lines if line and not line.startswith("#")]
    problems = [
        Problem(f'"{line}" is not a path', Location(str(file), number), "A path begins with /")
        for number, line in lines
        if not line.startswith("/") or decode_path(line) is None
    ]
    if problems:
        raise TargetError(problems)
    return [decode_path(line) or line for _, line in lines]


def warm(paths: Sequence[str], rate_per_second: float, ask: RequestPath) -> Iterator[WarmedPage]:
    """Request all paths, a few at a time; yields answers as they come.

    The first path is requested alone. Raises TargetError if it gets no answer.
    """
    for path in paths[:1]:
        first = ask(path)
        if first.status is None:
            raise TargetError(Problem(f"the site does not answer: {first.outcome}"))
        yield first
    yield from _concurrently(paths[1:], 1 / rate_per_second, ask)


def _concurrently(
    paths: Iterable[str], pause_seconds: float, ask: RequestPath
) -> Iterator[WarmedPage]:
    pending: set[Future[WarmedPage]] = set()
    due = time.monotonic() + pause_seconds
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for path in paths:
            if len(pending) == CONNECTIONS:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
            time.sleep(max(0.0, due - time.monotonic()))
            due = max(due, time.monotonic()) + pause_seconds  # lost time is not made up for
            pending.add(pool.submit(ask, path))
        yield from (future.result() for future in wait(pending).done)


def page_requester(url: str, render_seconds: float | None = None) -> RequestPath:
    """A function that requests a path from the site at `url`. It keeps a connection per thread.

    `render_seconds` is how long the host lets a render take.
    """
    timeout_seconds = (render_seconds or LONGEST_RENDER_SECONDS) + TRANSFER_SECONDS
    scheme, host, base = _parts(url)
    local = threading.local()

    def request(path: str) -> tuple[int, str]:
        if not hasattr(local, "connection"):
            local.connection = scheme(host, timeout=timeout_seconds)
        headers = {"User-Agent": f"ssg/{ssg.__version__} (warm)"}
        local.connection.request("GET", base + quote_path(path), headers=headers)
        response = local.connection.getresponse()
        response.read()
        return response.status, outcome_of(response.headers.get_all("Cache-Status") or ())

    def ask(path: str) -> WarmedPage:
        start = time.perf_counter()
        for is_last in (False, True):
            try:
                status, outcome = request(path)
                return WarmedPage(path, status, outcome, time.perf_counter() - start)
            except (OSError, http.client.HTTPException) as error:
                local.connection.close()
                if is_last or not _is_stale(error):
                    why = str(error) or type(error).__name__
                    return WarmedPage(path, None, why, time.perf_counter() - start)
        raise AssertionError  # the last turn has returned

    return ask


def outcome_of(fields: Iterable[str]) -> str:
    """What the caches on the way report (RFC 9211), in short: a hit if any of them has a hit."""
    members = [m.strip() for field in fields for m in _MEMBER.findall(field) if m.strip()]
    details = [[part.strip() for part in member.split(";")[1:]] for member in members]
    if any("hit" in parts for parts in details):
        return "stale" if any("detail=stale" in parts for parts in details) else "hit"
    forwarded = [part.removeprefix("fwd=") for parts in details for part in parts if "fwd=" in part]
    return forwarded[-1] if forwarded else "-"


def _is_stale(error: Exception) -> bool:
    """Whether the host has closed an open connection, which is not a failure of the page."""
    return isinstance(
        error, http.client.RemoteDisconnected | ConnectionResetError | BrokenPipeError
    )


def _parts(url: str) -> tuple[type[http.client.HTTPConnection], str, str]:
    parts = urlsplit(url)
    schemes = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    if parts.scheme not in schemes or not parts.hostname or parts.username or parts.query:
        hint = "Write https://example.org/, with the site's folder if it has one"
        raise TargetError(Problem(f'"{url}" is not the address of a site', None, hint))
    return schemes[parts.scheme], parts.netloc, parts.path.rstrip("/")
