"""The logs that nginx and Varnish write are logs that `ssg popular` reads."""

from __future__ import annotations

import http.client
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ssg.popularity.read_logs import ReadReport, read_logs
from ssg.popularity.request_count import LeftOut, RequestCount
from ssg.popularity.site_paths import SitePaths
from ssg.runtime.caching import Caching
from tests.fronts.client import Client
from tests.fronts.examples import nginx_conf, vcl
from tests.fronts.origin import Origin, OriginPage
from tests.services import program, running_nginx, running_varnish, wait_until

PAGES = frozenset({"/", "/blog/a/", "/über/"})
REQUESTS = 8
READ_SECONDS = 2
AGENT = 'Mozilla/5.0 "quoted" \\ (X11; ü)'.encode().decode("latin-1")


def _ask(url: str, origin: Origin) -> None:
    for path in ("/", "/blog/a/", "/%C3%BCber/"):
        origin.pages[path] = OriginPage(Caching(60, 60))
    front = Client(url)
    for path in ("/", "/blog/a/", "/blog/a/?utm_source=%22x%22", "/%C3%BCber/"):
        assert front.get(path, User_Agent=AGENT).status == 200
    assert front.get("/missing/", User_Agent=AGENT).status == 404
    front.get("/blog/a/", "HEAD", User_Agent=AGENT)
    front.get("/blog/a/", User_Agent="Examplebot/1.0")
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    connection.putrequest("GET", "/x", skip_host=True)  # HTTP/1.1 needs a host
    connection.endheaders()
    assert connection.getresponse().status in {400, 404}
    connection.close()


def _read(log: Path) -> tuple[RequestCount, ReadReport]:
    count = RequestCount(SitePaths("", PAGES))
    return count, read_logs([str(log)], count)


def _assert_counted(log: Path) -> None:
    count, report = _read(log)
    assert count.pages == {"/": 1, "/blog/a/": 2, "/über/": 1}
    assert count.left_out[LeftOut.ROBOT] == 1
    assert count.left_out[LeftOut.METHOD] == 1
    assert count.left_out[LeftOut.STATUS] >= 1
    assert (report.malformed, report.formats) == (0, {str(log): "combined"})


@pytest.mark.nginx
def test_the_log_of_nginx_is_read(origin: Origin, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    conf = nginx_conf(origin.port)
    assert "listen 127.0.0.1:{port};" in conf
    conf = conf.replace("listen 127.0.0.1:{port};", f"listen 127.0.0.1:{{port}}; access_log {log};")
    with running_nginx(tmp_path / "front", conf) as service:
        _ask(service.url, origin)
        assert wait_until(lambda: log.read_text("utf-8", "replace").count("\n") >= REQUESTS, 10)
    _assert_counted(log)


@pytest.mark.varnish
def test_the_log_of_varnish_is_read(origin: Origin, tmp_path: Path) -> None:
    reader, log = program("varnishncsa"), tmp_path / "access.log"
    if reader is None:
        pytest.skip("varnishncsa is not installed")
    with running_varnish(tmp_path / "front", vcl(origin.port)) as service:
        name = next(
            value for flag, value in zip(service.command, service.command[1:], strict=False)
            if flag == "-n"
        )  # fmt: skip
        _ask(service.url, origin)
        writer = subprocess.Popen([reader, "-n", name, "-d", "-w", str(log)])
        time.sleep(READ_SECONDS)  # it writes when it ends
        writer.terminate()
        writer.wait(10)
    _assert_counted(log)
