"""The example for Caddy, which has no cache: what the server says arrives."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fronts.client import Client
from tests.fronts.examples import caddyfile
from tests.fronts.origin import Origin, OriginPage, running_origin
from tests.ports import free_port
from tests.services import running_caddy

pytestmark = pytest.mark.caddy


def test_answers_and_requests_pass_unchanged(origin: Origin, tmp_path: Path) -> None:
    packed = gzip.compress(b"text")
    origin.pages["/a%2Fb"] = OriginPage(None, body=b"text", encoded=packed)
    port = free_port()
    with running_caddy(tmp_path / "caddy", caddyfile(port, origin.port), port=port) as service:
        got = Client(service.url).get("/a%2Fb?c=%2F", Accept_Encoding="gzip", Cookie="d=e")
    assert (got.status, got.text.encode("latin-1")) == (200, packed)
    assert got.headers["cache-control"] == "public, max-age=0, must-revalidate"
    method, path, headers = origin.asked[-1]
    assert (method, path, headers["cookie"]) == ("GET", "/a%2Fb?c=%2F", "d=e")
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["host"] == f"127.0.0.1:{port}"


def test_a_server_that_is_down_is_left_out(tmp_path: Path) -> None:
    port, page = free_port(), OriginPage(None)
    with running_origin() as one, running_origin() as other:
        one.pages["/"] = replace(page, says="one")
        other.pages["/"] = replace(page, says="other")
        text = caddyfile(port, one.port, other.port)
        with running_caddy(tmp_path / "caddy", text, port=port) as service:
            client = Client(service.url)
            assert {client.get("/").text.split()[0] for _ in range(4)} == {"one", "other"}
            other.stop()
            answers = [client.get("/") for _ in range(10)]
            assert {(answer.status, answer.text.split()[0]) for answer in answers} == {(200, "one")}
