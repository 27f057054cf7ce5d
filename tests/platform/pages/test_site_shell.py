from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from blog import site_shell
from blog.site_shell import MINIMAL, PART, TITLE, PageShell, SiteShell, fetcher
from ssg.sources.data_client import SourceError
from tests.platform.client import SetClock

HTML = f"<title>{TITLE}</title><main>{PART}</main>"


def test_the_shell_is_asked_for_once_a_minute_and_with_its_etag() -> None:
    asked, clock = list[str](), SetClock()

    def fetch(etag: str) -> PageShell | None:
        asked.append(etag)
        return None if etag else PageShell(HTML, {}, '"1"')

    shell = SiteShell(fetch, clock)
    assert [shell.get().html, shell.get().html] == [HTML, HTML]
    assert asked == [""]
    clock.advance(site_shell.FRESH_SECONDS + 1)
    assert shell.get().html == HTML
    assert asked == ["", '"1"']


def test_the_last_shell_stays_while_the_site_is_away() -> None:
    clock = SetClock()
    answers: list[PageShell | SourceError]
    answers = [PageShell(HTML), SourceError("away"), PageShell("new")]

    def fetch(_: str) -> PageShell | None:
        answer = answers.pop(0)
        if isinstance(answer, SourceError):
            raise answer
        return answer

    shell = SiteShell(fetch, clock)
    assert shell.get().html == HTML
    clock.advance(site_shell.FRESH_SECONDS + 1)
    assert shell.get().html == HTML
    assert shell.get().html == HTML, "it is not asked again at once"
    clock.advance(site_shell.RETRY_SECONDS + 1)
    assert shell.get().html == "new"


def test_while_one_thread_asks_the_others_use_the_last_shell() -> None:
    clock, asking, go_on = SetClock(), threading.Event(), threading.Event()

    def fetch(etag: str) -> PageShell | None:
        if etag:
            asking.set()
            go_on.wait(10)
            return PageShell("new", {}, '"2"')
        return PageShell(HTML, {}, '"1"')

    shell = SiteShell(fetch, clock)
    shell.get()
    clock.advance(site_shell.FRESH_SECONDS + 1)
    thread = threading.Thread(target=shell.get)
    thread.start()
    try:
        assert asking.wait(10)
        assert shell.get().html == HTML
    finally:
        go_on.set()
        thread.join(10)
    assert shell.get().html == "new"


def test_before_the_site_has_answered_there_is_a_page_of_our_own() -> None:
    page = SiteShell(site_shell.no_site).get().around("Log in", "<h1>Log in</h1>")
    assert "<title>Log in</title>" in page
    assert "<main><h1>Log in</h1></main>" in page


def test_who_is_logged_in_is_in_place_of_the_links_to_log_in() -> None:
    shell = PageShell(f"a<!--session-->Log in<!--/session-->b{PART}")
    assert shell.around("", "p") == "a<!--session-->Log in<!--/session-->bp"
    assert shell.around("", "p", r"Ana \1") == r"aAna \1bp"


def test_a_title_is_not_put_into_the_part() -> None:
    page = PageShell(HTML).around("T", f"<p>{TITLE}{PART}</p>")
    assert page == f"<title>T</title><main><p>{TITLE}{PART}</p></main>"


def test_the_site_is_asked_for_its_shell_and_its_policies() -> None:
    with _site(200, HTML.encode(), {"ETag": '"x"', "Content-Security-Policy": "p"}) as url:
        shell = fetcher(url)("")
        assert shell is not None
        assert (shell.html, shell.etag) == (HTML, '"x"')
        assert shell.policies == {**MINIMAL.policies, "content-security-policy": "p"}
        assert fetcher(url)('"x"') is None


def test_a_shell_may_be_compressed() -> None:
    with _site(200, gzip.compress(HTML.encode()), {"Content-Encoding": "gzip"}) as url:
        shell = fetcher(url)("")
    assert shell is not None
    assert shell.html == HTML


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, HTML.encode()),
        (302, b""),
        (200, b"<p>another page"),
        (200, (PART * 2).encode()),
        (200, HTML.encode() + b" " * site_shell.MAX_BYTES),
    ],
    ids=["error", "redirect", "no marker", "two markers", "too long"],
)
def test_what_is_not_a_shell_is_not_taken(status: int, body: bytes) -> None:
    with (
        _site(status, body, {"Location": "http://example.org/"}) as url,
        pytest.raises(SourceError),
    ):
        fetcher(url)("")


def test_a_site_that_is_away_is_an_error_of_the_site() -> None:
    with pytest.raises(SourceError):
        fetcher("http://127.0.0.1:9")("")


def test_a_slow_site_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_shell, "TIMEOUT_SECONDS", 0.2)
    site = _site(200, HTML.encode(), {}, pause=threading.Event())
    with site as url, pytest.raises(SourceError):
        fetcher(url)("")


@contextmanager
def _site(
    status: int, body: bytes, headers: dict[str, str], pause: threading.Event | None = None
) -> Iterator[str]:
    """A site that has one answer, and revalidates it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert self.path == "/shell/"
            if pause:
                pause.wait(10)
            is_known = self.headers.get("If-None-Match") == headers.get("ETag", "")
            sent = b"" if is_known else body
            self.send_response(304 if is_known else status)
            for name, value in headers.items():
                self.send_header(name, value)
            if not is_known:
                self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            try:
                self.wfile.write(sent)
            except OSError:
                return  # the client has had enough

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        if pause:
            pause.set()
        server.shutdown()
        thread.join(10)
        server.server_close()
