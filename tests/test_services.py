"""The services that tests start: they answer, keep to their folder, and end."""

from __future__ import annotations

import http.client
from pathlib import Path

import pytest

from tests import services
from tests.services import (
    accepts_connections,
    running_nginx,
    running_redis,
    running_varnish,
)

VCL = """
vcl 4.1;
import xkey;
backend none none;
sub vcl_recv { return (synth(200, "hello")); }
"""
HTTP = 'server { listen 127.0.0.1:{port}; location / { return 200 "hello"; } }'


def body_of(port: int) -> bytes:
    """The body of the answer at `/`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/")
    body = connection.getresponse().read()
    connection.close()
    return body


@pytest.mark.redis
def test_redis_answers_is_killed_and_starts_again_empty(tmp_path: Path) -> None:
    with running_redis(tmp_path / "redis") as redis:
        assert redis.command_line("SET", "a", "1") == b"+OK\r\n"
        redis.kill()
        assert not accepts_connections(redis.port)
        redis.start()
        assert redis.command_line("GET", "a") == b"$-1\r\n"
    assert not accepts_connections(redis.port)


@pytest.mark.varnish
def test_varnish_answers_with_its_module_for_tags(tmp_path: Path) -> None:
    with running_varnish(tmp_path / "varnish", VCL) as varnish:
        assert b"hello" in body_of(varnish.port)
    assert not accepts_connections(varnish.port)


@pytest.mark.nginx
def test_nginx_answers(tmp_path: Path) -> None:
    with running_nginx(tmp_path / "nginx", HTTP) as nginx:
        assert body_of(nginx.port) == b"hello"
    assert not accepts_connections(nginx.port)


def test_a_test_of_a_service_that_is_not_installed_is_skipped_and_says_so(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(services.PROGRAMS, "redis", "no-such-server")
    services.skip_without_programs(request.node)
    request.node.add_marker(pytest.mark.redis)
    with pytest.raises(pytest.skip.Exception, match="no-such-server is not installed"):
        services.skip_without_programs(request.node)
