"""The description of the API is valid, complete, and says what is true."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from blog.app import endpoints
from blog.endpoint import Access, Format
from tests.platform.client import SITE_URL, RunningApi
from tests.platform.described import check_answer

BLOG = Path(__file__).parents[2] / "examples/blog-platform"


@pytest.fixture
def described(api: RunningApi) -> Any:
    answer = api.visitor().get("/api/openapi.json")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    again = api.visitor().get("/api/openapi.json", **{"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    return answer.json()


def _operations(described: Any) -> Iterator[tuple[str, str, Any]]:
    for path, item in described["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def _schemas(value: Any) -> Iterator[Any]:
    """All values of keys `schema`, at any depth."""
    if isinstance(value, list):
        for one in value:
            yield from _schemas(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from [one] if key == "schema" else _schemas(one)


def test_all_endpoints_of_programs_are_described(described: Any) -> None:
    wanted = {(one.method, one.path) for one in endpoints() if one.format is not Format.HTML}
    assert {(method, path) for method, path, _ in _operations(described)} == wanted
    assert described["openapi"] == "3.1.0"


def test_operations_have_names_and_all_parameters(described: Any) -> None:
    names = [operation["operationId"] for _, _, operation in _operations(described)]
    assert len(names) == len(set(names))
    for _, path, operation in _operations(described):
        own = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
        assert own == re.findall(r"\{(\w+)\}", path)
        assert operation["summary"]


def test_the_command_prints_the_same(described: Any) -> None:
    command = [sys.executable, "-m", "blog", "openapi", "--server", SITE_URL]
    done = subprocess.run(command, cwd=BLOG, capture_output=True, timeout=60, check=True)
    assert json.loads(done.stdout) == described


def test_schemas_are_schemas(described: Any) -> None:
    schemas = [*_schemas(described["paths"]), *described["components"]["schemas"].values()]
    assert len(schemas) > 50
    for schema in schemas:
        Draft202012Validator.check_schema(schema)
        assert schema.get("$ref", "#/components/schemas/Error") == "#/components/schemas/Error"


def test_security_is_that_of_the_table(described: Any) -> None:
    for method, path, operation in _operations(described):
        endpoint = next(one for one in endpoints() if (one.method, one.path) == (method, path))
        (needed,) = operation["security"]
        assert ("session" in needed) == (endpoint.access is not Access.PUBLIC)
        assert ("csrf" in needed) == endpoint.is_unsafe
        assert ("401" in operation["responses"]) == ("session" in needed)
    assert {"session", "csrf"} == set(described["components"]["securitySchemes"])


def test_an_answer_that_is_not_described_is_noticed(
    api: RunningApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = api.visitor().get("/api/health")
    for content in (b'{"ok": 1}', b'{"ok": true, "more": 1}', b"{}"):
        monkeypatch.setattr(answer, "_content", content)
        with pytest.raises(AssertionError, match="GET /api/health: 200"):
            check_answer(answer)
