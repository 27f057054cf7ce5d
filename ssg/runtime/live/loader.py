"""Runs the loaders of `hooks.py`, which find the data of a page where a table is not enough.

A loader is a generator function. It yields what it needs and is sent the data:

    @hooks.loader
    def post(request):
        post = yield request.ask("posts", path="/posts/{user}/{slug}")
        author, more = yield [
            request.ask("users", path="/users/{id}", id=post["author"]),
            request.ask("posts", path="/posts?user={user}", optional=True),
        ]
        return {"post": post, "author": author, "more": more}

It does no I/O and keeps nothing: for each round it starts anew, with all answers so far, until it
has what it needs. A loader that needs nothing may be a plain function.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ssg.model.errors import did_you_mean
from ssg.model.live.data_request import Brought, Scalar
from ssg.model.live.data_source import DataSource, SourceKind
from ssg.model.live.route import RESERVED_NAMES, RouteData
from ssg.model.live.route_pattern import PLACEHOLDER
from ssg.model.settings import SiteSettings
from ssg.render.hooks import own_location
from ssg.runtime.http import Failure, Request
from ssg.runtime.live.load_data import (
    CheckData,
    DataMissingError,
    content_of,
    request_of,
    unchecked,
)
from ssg.runtime.live.route_table import FoundRoute
from ssg.runtime.needs import Needs

MAX_STEPS = 200
"""How often a loader may ask: one that asks on and on is a failure."""
MAX_REQUESTS = 100
"""The number of requests that a loader may ask for at once."""

_SCALARS = (str, int, float, bool, type(None))


class LoaderError(Exception):
    """A loader failed."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class AskedData:
    """What a loader needs: it yields this, and is sent the data."""

    data: RouteData
    values: Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class LoaderRequest:
    """`request` of a loader."""

    path: str
    """The path of the page, decoded."""
    params: Mapping[str, str]
    """The values of the placeholders of the route."""
    language: str
    """The code of the language."""
    number: int = 1
    """Which part of its list the page shows."""
    cursor: str = ""
    """Where that part begins, if the list has a cursor."""
    limit: int = 0
    """The number of items of a part."""
    offset: int = 0
    """The number of items before this part."""
    is_refresh: bool = False
    """Whether a cache asks for what it has already."""
    is_draft: bool = False
    """Whether unpublished data is wanted."""
    sources: Mapping[str, DataSource] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, found: FoundRoute, request: Request, settings: SiteSettings) -> LoaderRequest:
        """The request for a page of a route."""
        values = found.values(settings)
        return cls(
            path=found.path,
            params=found.params,
            language=str(values["language"]),
            number=found.number,
            cursor=found.cursor,
            limit=int(values["limit"] or 0),
            offset=int(values["offset"] or 0),
            is_refresh=request.is_refresh,
            is_draft=request.is_draft,
            sources=settings.sources,
        )

    def ask(
        self, source: str, path: str = "", query: str = "", *, one: bool = False,
        optional: bool = False, **values: Scalar,
    ) -> AskedData:  # fmt: skip
        """Ask a source of the site, to be yielded. The keys are those of `data` in a route.

        `values` are for placeholders of the path or parameters of the query, beside those of the
        route. Raises LookupError, TypeError or ValueError for what no source could be asked.
        """
        declared = self.sources.get(source)
        if declared is None:
            hint = did_you_mean(source, self.sources)
            raise LookupError(f'there is no source "{source}". {hint or ""}'.rstrip())
        is_sql = declared.kind == SourceKind.SQL
        if bool(query) != is_sql or bool(path) == is_sql:
            key = "query" if is_sql else "path"
            raise TypeError(f'the source "{source}" is asked with {key}="..."')
        known = {**self._values(), **values}
        _check(path, known)
        return AskedData(RouteData(source, source, path, query, one, optional), known)

    def _values(self) -> dict[str, Scalar]:
        return {
            **self.params,
            "language": self.language,
            "number": self.number,
            "cursor": self.cursor,
            "limit": self.limit,
            "offset": self.offset,
        }


def _check(path: str, values: Mapping[str, Scalar]) -> None:
    """Check a path, and values for it or for a query."""
    for name, value in values.items():
        if not isinstance(value, _SCALARS):
            raise TypeError(f'"{name}" is not a text or a number: {type(value).__name__}')
    if path and (not path.startswith("/") or path.startswith("//")):
        raise ValueError("a path begins with one slash; values belong into its placeholders")
    for name in PLACEHOLDER.findall(path):
        if name not in values:
            raise LookupError(f'nothing gives the placeholder "{name}" of the path')


Loader = Callable[[LoaderRequest], Any]


def run_loader(
    loader: Loader,
    request: LoaderRequest,
    settings: SiteSettings,
    brought: Brought,
    check: CheckData = unchecked,
) -> dict[str, Any] | Needs:
    """The data that a loader returns, or what it needs.

    Raises DataMissingError, DataError or LoaderError.
    """
    try:
        made = loader(request)
    except Exception as error:
        raise _failed(loader, error) from error
    if not isinstance(made, Generator):
        return _result(loader, made)
    try:
        return _run(loader, made, request, settings, brought, check)
    finally:
        made.close()


def _run(
    loader: Loader,
    made: Generator[Any, Any, Any],
    request: LoaderRequest,
    settings: SiteSettings,
    brought: Brought,
    check: CheckData,
) -> dict[str, Any] | Needs:
    answer: Any = None
    for _ in range(MAX_STEPS):
        try:
            wanted = made.send(answer)
            asked = _asked(made, wanted)
        except StopIteration as done:
            return _result(loader, done.value)
        except Exception as error:
            raise _failed(loader, error) from error
        requests = [request_of(one.data, one.values, request.is_draft) for one in asked]
        if lacking := [one for one in requests if one not in brought]:
            return Needs(requests=tuple(dict.fromkeys(lacking)))
        answers = [
            content_of(one.data, brought[key], settings, check)
            for one, key in zip(asked, requests, strict=True)
        ]
        answer = answers if isinstance(wanted, Sequence) else answers[0]
    raise _refused(loader, f"it asks for data more than {MAX_STEPS} times")


def _asked(made: Generator[Any, Any, Any], wanted: object) -> list[AskedData]:
    """What a loader has yielded: one request, or a list of them."""
    given = list(wanted) if isinstance(wanted, Sequence) else [wanted]
    asked = [one for one in given if isinstance(one, AskedData)]
    if not asked or len(asked) < len(given):
        made.throw(TypeError("a loader yields request.ask(...), or a list of them"))
    if len(asked) > MAX_REQUESTS:
        made.throw(ValueError(f"a loader asks for at most {MAX_REQUESTS} things at once"))
    return asked


def _result(loader: Loader, data: object) -> dict[str, Any]:
    if data is None:
        raise DataMissingError
    if not isinstance(data, dict):
        raise _refused(loader, f"it returns {type(data).__name__}, not a dict of data by name")
    for name in data:
        if not isinstance(name, str) or not name.isidentifier() or name in RESERVED_NAMES:
            raise _refused(loader, f"{name!r} cannot be the name of data in a template")
    return data


def _failed(loader: Loader, error: Exception) -> LoaderError:
    """An exception in a loader, with its line."""
    where = own_location(error)
    message = f'the loader "{loader.__name__}" failed: {type(error).__name__}: {error}'
    return LoaderError(Failure(message, where.path, where.line) if where else Failure(message))


def _refused(loader: Loader, reason: str) -> LoaderError:
    """A fault of a loader as a whole, with the line at which it begins."""
    code = loader.__code__ if hasattr(loader, "__code__") else None
    message = f'the loader "{loader.__name__}" failed: {reason}'
    where = (code.co_filename, code.co_firstlineno) if code else (None, None)
    return LoaderError(Failure(message, *where))
