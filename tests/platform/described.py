"""Compares answers of the API with what its endpoints describe."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import fastjsonschema
from httpx2 import Response
from starlette.routing import compile_path

from blog.api.openapi import ERROR
from blog.app import endpoints
from blog.endpoint import Endpoint, Format

Check = Callable[[Any], object]


def check_answer(answer: Response) -> None:
    """Assert that an answer has the status and the schema that its endpoint describes."""
    endpoint = endpoint_of(answer.request.method, answer.request.url.path)
    if endpoint is None or endpoint.format is Format.HTML or answer.status_code == 304:
        return
    what = f"{endpoint.method} {endpoint.path}: {answer.status_code} {answer.text[:200]}"
    if answer.status_code >= 400:
        _check(_refusal, answer, what)
        return
    assert answer.status_code == endpoint.status, what
    check = _checks().get((endpoint.method, endpoint.path))
    if check:
        _check(check, answer, what)
    elif endpoint.format is Format.JSON:
        assert answer.content == b"", f"{what}: an answer without a schema"


def _check(check: Check, answer: Response, what: str) -> None:
    try:
        check(answer.json())
    except fastjsonschema.JsonSchemaValueException as error:
        raise AssertionError(f"{what}: {error.message}") from error


def endpoint_of(method: str, path: str) -> Endpoint | None:
    """The endpoint that answers a request, if there is one."""
    for pattern, endpoint in _patterns():
        if pattern.match(path) and method == endpoint.method:
            return endpoint
    return None


@cache
def _patterns() -> list[tuple[Any, Endpoint]]:
    return [(compile_path(one.path)[0], one) for one in endpoints()]


@cache
def _checks() -> dict[tuple[str, str], Check]:
    described = [one for one in endpoints() if one.answer is not None]
    return {
        (one.method, one.path): fastjsonschema.compile(dict(one.answer or {})) for one in described
    }


_refusal: Check = fastjsonschema.compile(dict(ERROR))
