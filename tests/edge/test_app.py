"""The edge over HTTP: a real server on 127.0.0.1."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from ssg.edge.events import AccessRecord, AnswerSource, Notice, NoticeLevel
from ssg.edge.http.client_limits import DEFAULT_CLIENT_LIMITS
from ssg.edge.policy import StoreVerdict
from ssg.redirects.formats.headers_file import parse_headers
from ssg.redirects.rule import RedirectRule, RuleConditions
from ssg.runtime.caching import Caching
from ssg.runtime.http import Failure, Response
from ssg.targets.netlify.capabilities import BUILDER
from tests.preview.running import CATCH_ALL, HTML, Preview, always, previewing, until

from .conftest import write_site
from .test_static_files import HOSTILE

NO_CACHE = "public, max-age=0, must-revalidate"


def test_rule_02_other_methods_are_405(exact: Preview) -> None:
    for path in ("/deferred/", "/index.html"):
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            got = exact.get(path, method=method)
            assert (got.status, got.headers["allow"]) == (405, "GET, HEAD")
    assert exact.builder.requests == []


def test_rule_02_head_has_the_headers_of_get_and_no_body(exact: Preview) -> None:
    for path in ("/deferred/", "/index.html", "/data.bin"):
        head, get = exact.get(path, method="HEAD"), exact.get(path)
        assert head.body == b""
        assert head.headers["content-length"] == str(len(get.body)) != "0"
        assert head.headers["etag"] == get.headers["etag"]
    assert [request.method for request in exact.builder.requests] == ["GET"]


def test_rule_03_the_builder_sees_the_path_and_nothing_else(exact: Preview) -> None:
    exact.get("/d%C3%A4/?secret=1", {"Cookie": "session=1", "Authorization": "x"})
    (request,) = exact.builder.requests
    assert (request.method, request.path) == ("GET", "/d%C3%A4/")


def test_rule_04_the_query_is_not_in_the_key(exact: Preview) -> None:
    first = exact.get("/a/?x=1")
    second = exact.get("/a/?x=2", {"Accept-Language": "de", "Cookie": "a=b"})
    assert first.headers["cache-status"] == "ssg; fwd=uri-miss; stored"
    assert second.headers["cache-status"] == "ssg; hit"
    assert second.headers["age"] == "0"
    assert len(exact.builder.requests) == 1


def test_rule_05_an_error_is_served_and_not_cached(exact: Preview) -> None:
    exact.builder.answer_with = always(Response(500, b"sorry", HTML))
    assert exact.get("/a/").status == exact.get("/a/").status == 500
    assert len(exact.builder.requests) == 2


def test_rule_05_a_204_has_no_body_whatever_the_builder_says(exact: Preview) -> None:
    exact.builder.answer_with = always(Response(204, b"body", HTML, caching=Caching()))
    for _ in range(2):
        got = exact.get("/a/")
        assert (got.status, got.body) == (204, b"")
        assert "content-length" not in got.headers


def test_rules_07_and_08_the_old_page_is_served_while_a_refresh_runs(tmp_path: Path) -> None:
    now = [0.0]
    gate = threading.Event()
    with previewing(tmp_path, exact=True, now=lambda: now[0]) as preview:
        preview.builder.answer_with = always(Response(200, b"old", HTML, Caching(60)))
        preview.get("/a/")

        def slow(request: object) -> Response:
            gate.wait(5)
            return Response(200, b"new", HTML, Caching(60))

        preview.builder.answer_with = slow
        now[0] = 63.0
        for _ in range(3):
            got = preview.get("/a/")
            assert got.body == b"old"
            assert got.headers["cache-status"] == "ssg; hit; ttl=-3; detail=stale"
            assert got.headers["age"] == "63"
        gate.set()
        until(lambda: preview.get("/a/").body == b"new")
        assert [str(record.kind) for record in preview.renders()] == ["miss", "revalidate"]
        assert len(preview.builder.requests) == 2


def test_rule_09_a_deploy_is_seen_whole_and_starts_an_empty_cache(exact: Preview) -> None:
    exact.builder.answer_with = always(Response(200, b"one", HTML, caching=Caching()))
    assert exact.get("/a/").body == b"one"
    exact.builder.answer_with = always(Response(200, b"two", HTML, caching=Caching()))
    assert exact.get("/a/").body == b"one"
    exact.edge.deploy(exact.deployment("build-2"))
    assert exact.get("/a/").body == b"two"


def test_rule_09_the_cache_folder_keeps_the_last_builds_only(exact: Preview) -> None:
    for number in range(6):
        exact.edge.deploy(exact.deployment(f"build-{number}"))
        exact.get("/a/")
    cache = exact.publish_dir.parent / "cache"
    assert len([path for path in cache.iterdir() if path.is_dir()]) == 3


def test_rule_09_no_request_mixes_two_builds_while_builds_come(exact: Preview) -> None:
    folders = {}
    for build_id in ("x", "y"):
        folders[build_id] = exact.publish_dir.parent / build_id
        folders[build_id].mkdir()
        (folders[build_id] / "page.txt").write_text(build_id)
    stop = threading.Event()

    def deploy(build_id: str) -> None:
        answer = always(Response(200, build_id.encode(), {"x-build": build_id}, caching=Caching()))
        folder = folders[build_id]
        exact.edge.deploy(exact.deployment(build_id, publish_dir=folder, answer=answer))

    def deploy_all_the_time() -> None:
        while not stop.is_set():
            deploy("y")
            deploy("x")

    deploy("x")
    thread = threading.Thread(target=deploy_all_the_time)
    thread.start()
    try:
        for number in range(150):
            got = exact.get(f"/deferred/{number % 7}/")
            assert got.status == 200
            assert got.body.decode() == got.headers["x-build"]
            assert exact.get("/page.txt").body in (b"x", b"y")
    finally:
        stop.set()
        thread.join()


def test_rule_10_a_slow_render_is_a_504_and_does_not_hold_other_requests(tmp_path: Path) -> None:
    gate = threading.Event()
    quick = replace(BUILDER, seconds=1.0)
    with previewing(tmp_path, exact=True, capabilities=quick) as preview:
        write_site(preview.publish_dir)
        preview.builder.answer_with = lambda _: Response(
            200, b"late" * gate.wait(5), caching=Caching()
        )
        with ThreadPoolExecutor(20) as pool:
            waiting = [pool.submit(preview.get, "/slow/") for _ in range(19)]
            assert preview.get("/").status == 200
            assert not any(future.done() for future in waiting)
            assert {future.result().status for future in waiting} == {504}
        time.sleep(0.5)  # the render began after the wait for it, on a busy machine much later
        gate.set()
        until(lambda: bool(preview.renders()))
        assert {record.verdict for record in preview.renders()} == {StoreVerdict.TOO_SLOW}
        assert preview.get("/slow/").headers["cache-status"] == "ssg; fwd=uri-miss; stored"


def test_rule_10_a_page_that_is_too_large_is_a_502(exact: Preview) -> None:
    exact.builder.answer_with = always(Response(200, b"x" * 6_000_001, HTML, caching=Caching()))
    got = exact.get("/a/")
    assert got.status == 502
    assert b"6,000,001" in got.body


def test_rule_12_cache_control_of_a_builder_is_not_honoured(exact: Preview) -> None:
    headers = {"Cache-Control": "no-store", "Netlify-CDN-Cache-Control": "no-store", "Age": "9"}
    exact.builder.answer_with = always(Response(200, b"page", headers, caching=Caching()))
    assert exact.get("/a/").headers["cache-control"] == NO_CACHE
    hit = exact.get("/a/")
    assert hit.headers["cache-status"] == "ssg; hit"
    assert hit.headers["age"] == "0"
    assert "netlify-cdn-cache-control" not in hit.headers


def test_rule_14_a_rule_sends_pretty_urls_to_the_builder_and_others_elsewhere(
    exact: Preview,
) -> None:
    rules = (
        RedirectRule("/blog/*", "/.netlify/builders/ssg-pages", 200),
        RedirectRule("/images/*", "/.netlify/builders/images", 200),
        RedirectRule("/api/*", "https://api.example.com/:splat", 200),
        RedirectRule("/old/*", "/blog/:splat", 301),
    )
    exact.edge.deploy(exact.deployment("build-2", rules=rules))
    assert exact.get("/blog/x/").body == b"<body>/blog/x/</body>"
    assert exact.get("/.netlify/builders/ssg-pages/y").status == 200
    moved = exact.get("/old/x/?a=b")
    assert (moved.status, moved.headers["location"]) == (301, "/blog/x/?a=b")
    for path, what in (
        ("/images/a", b"The function /.netlify/builders/images"),
        ("/api/1", b"https://api.example.com/1"),
    ):
        got = exact.get(path)
        assert got.status == 502
        assert what in got.body
    assert exact.get("/nothing").status == 404
    assert [request.path for request in exact.builder.requests] == [
        "/blog/x/",
        "/.netlify/builders/ssg-pages/y",
    ]


def test_a_function_is_served_as_a_builder_is(exact: Preview) -> None:
    own = "/.netlify/functions/ssg-pages"
    rules = (
        RedirectRule("/blog/*", own, 200),
        RedirectRule("/api/*", "/.netlify/functions/mine", 200),
        RedirectRule("/*", "/.netlify/builders/ssg-pages", 200),
    )
    exact.edge.deploy(exact.deployment("build-2", rules=rules, function=own))
    assert exact.get("/blog/x/").headers["cache-status"] == "ssg; fwd=uri-miss; stored"
    assert exact.get("/blog/x/").headers["cache-status"] == "ssg; hit"
    assert exact.get(f"{own}/y/").status == 200
    assert [exact.get(path).status for path in ("/api/x", "/other")] == [502, 502]


def test_a_function_with_paths_has_no_address(exact: Preview) -> None:
    own = "/.netlify/functions/ssg-pages"
    rules = (RedirectRule("/blog/*", own, 200),)
    deployment = exact.deployment("build-2", rules=rules, function=own, has_paths=True)
    exact.edge.deploy(deployment)
    assert exact.get("/blog/x/").status == 200
    assert [exact.get(path).status for path in (own, f"{own}/blog/x/")] == [404, 404]


def test_rule_15_a_file_shadows_a_rule_unless_the_rule_is_forced(exact: Preview) -> None:
    assert exact.get("/about/").headers["cache-status"] == "ssg; fwd=bypass"
    forced = RedirectRule("/*", "/.netlify/builders/ssg-pages", 200, force=True)
    exact.edge.deploy(exact.deployment("build-2", rules=(forced,)))
    assert exact.get("/about/").headers["cache-status"] == "ssg; fwd=uri-miss; stored"


SENDABLE = [path for path in HOSTILE if path.startswith("/") and path.isascii()]


def test_rule_17_and_18_conditions_are_asked_of_the_visitor(exact: Preview) -> None:
    german = RedirectRule("/hello", "/de/", 302, conditions=RuleConditions(languages=("de",)))
    named = RedirectRule("/hello", "/known/", 302, conditions=RuleConditions(cookies=("name",)))
    guard = RedirectRule(
        "/admin/*", "/admin/:splat", 200, conditions=RuleConditions(roles=("admin",))
    )
    exact.edge.deploy(exact.deployment("build-2", rules=(german, named, guard, CATCH_ALL)))
    (exact.publish_dir / "admin").mkdir()
    (exact.publish_dir / "admin" / "index.html").write_text("for admins")
    assert exact.get("/hello", {"Accept-Language": "de-AT,en"}).headers["location"] == "/de/"
    assert exact.get("/hello", {"Cookie": "name=x; other=y"}).headers["location"] == "/known/"
    assert exact.get("/hello", {"Cookie": ";=; name"}).body == b"<body>/hello</body>"
    assert b"for admins" not in exact.get("/admin/").body


@pytest.mark.parametrize("path", SENDABLE, ids=lambda path: ascii(path)[:40])
def test_hostile_paths_are_answered_and_nothing_outside_is_served(
    hostile: Preview, path: str
) -> None:
    got = hostile.get(path.replace("\\", "%5c"))
    assert got.status == (404 if len(path) <= DEFAULT_CLIENT_LIMITS.url_bytes else 414)
    assert b"secret" not in got.body


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "secret.txt").write_text("secret")
    with previewing(folder, exact=True) as preview:
        (preview.publish_dir / "leak.txt").symlink_to(folder / "secret.txt")
        (preview.publish_dir / "out").symlink_to(folder)
        (preview.publish_dir / "faq.html").write_text("faq")
        preview.edge.deploy(preview.deployment("build-2", rules=()))
        yield preview


def test_a_path_that_cannot_be_decoded_never_reaches_the_builder(exact: Preview) -> None:
    for path in ("/%ff", "/a/%00", "/%c3/"):
        assert exact.get(path).status == 404
    assert exact.builder.requests == []


def test_what_nothing_answers_gets_the_404_page_of_the_site(exact: Preview) -> None:
    exact.edge.deploy(exact.deployment("build-2", rules=()))
    assert b"Not found" in exact.get("/nothing/").body
    (exact.publish_dir / "404.html").write_text("<body>lost?</body>")
    for path in ("/nothing/", "/%ff", "/%00", "/../x"):
        got = exact.get(path, {"If-None-Match": "*"})
        assert (got.status, got.body) == (404, b"<body>lost?</body>")
    assert exact.get("/404.html").status == 200


def test_a_page_without_its_slash_is_sent_to_it(exact: Preview) -> None:
    got = exact.get("/about?a=b")
    assert (got.status, got.headers["location"]) == (301, "/about/?a=b")
    (exact.publish_dir / "über uns").mkdir()
    (exact.publish_dir / "über uns" / "index.html").write_text("we")
    assert exact.get("/%C3%BCber%20uns").headers["location"] == "/%C3%BCber%20uns/"
    assert exact.get("/%C3%BCber%20uns/").body == b"we"
    assert exact.get("//about").status != 301  # it would lead to a host of that name


def test_conditional_requests_get_304(exact: Preview) -> None:
    for path in ("/index.html", "/data.bin", "/deferred/"):
        etag = exact.get(path).headers["etag"]
        for asked in (etag, f'"x", W/{etag}', "*"):
            for method in ("GET", "HEAD"):
                got = exact.get(path, {"If-None-Match": asked}, method)
                assert (got.status, got.body) == (304, b"")
                assert got.headers["etag"] == etag
                assert "content-length" not in got.headers
        assert exact.get(path, {"If-None-Match": '"other"'}).status == 200


def test_byte_ranges_of_files(exact: Preview) -> None:
    whole = exact.get("/data.bin").body
    part = exact.get("/data.bin", {"Range": "bytes=10-19"})
    assert (part.status, part.body) == (206, whole[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole)}"
    assert exact.get("/data.bin", {"Range": "bytes=99999-"}).status == 416
    assert exact.get("/data.bin", {"Range": "bytes=0-0,5-5"}).status == 206


def test_exact_means_the_published_bytes(exact: Preview) -> None:
    assert exact.get("/").body == (exact.publish_dir / "index.html").read_bytes()
    assert exact.get("/a/").body == b"<body>/a/</body>"
    assert exact.get("/__ssg/events").body == b"<body>/__ssg/events</body>"


def test_a_render_is_timed_and_a_hit_is_not(exact: Preview) -> None:
    assert ", render;dur=" in exact.get("/a/").headers["server-timing"]
    assert "render" not in exact.get("/a/").headers["server-timing"]


def test_every_answer_has_a_cache_status_and_a_timing(exact: Preview) -> None:
    asked = [
        ("/", "GET", "ssg; fwd=bypass"),
        ("/about", "GET", "ssg; fwd=bypass"),
        ("/a/", "POST", "ssg; fwd=bypass"),
        ("/a/", "GET", "ssg; fwd=uri-miss; stored"),
        ("/a/", "GET", "ssg; hit"),
        ("/%ff", "GET", "ssg; fwd=bypass"),
    ]
    for path, method, status in asked:
        headers = exact.get(path, method=method).headers
        assert headers["cache-status"] == status
        assert headers["server-timing"].startswith("edge;dur=")


def test_a_deployment_with_other_headers_starts_an_empty_cache(exact: Preview) -> None:
    """Headers are cached with their page, and those of netlify.toml are not in the build id."""
    for value, cached in (("old", False), ("new", False), ("new", True), ("old", True)):
        rules = parse_headers(f"/*\n X-Own: {value}\n").rules
        sent = Response(200, b"a", {**HTML, "X-Own": value}, caching=Caching())
        exact.builder.answer_with = always(sent)
        exact.edge.deploy(exact.deployment("build-1", deferred_headers=rules))
        got = exact.get("/a/")
        assert got.headers["x-own"] == value
        assert got.headers["cache-status"].startswith("ssg; hit") is cached


def test_headers_are_for_static_files_alone(exact: Preview) -> None:
    text = "/*\n X-A: 1\n Cache-Control: max-age=9\n/about/*\n X-A: 2\n Content-Type: text/x\n"
    rules = parse_headers(text).rules
    exact.edge.deploy(exact.deployment("build-2", headers=rules))
    plain = exact.get("/data.bin")
    assert (plain.headers["x-a"], plain.headers["cache-control"]) == ("1", "max-age=9")
    about = exact.get("/about/").headers
    assert (about["x-a"], about["content-type"]) == ("2", "text/x")
    assert exact.get("/data.bin", {"If-None-Match": plain.headers["etag"]}).headers["x-a"] == "1"
    for path in ("/deferred/", "/about"):  # a builder's page, a redirect
        told = exact.get(path).headers
        assert "x-a" not in told
        assert told["cache-control"] == NO_CACHE


def test_every_request_leaves_one_access_record(exact: Preview) -> None:
    for path, method in [("/", "GET"), ("/a/", "GET"), ("/a/", "HEAD"), ("/about", "GET")]:
        exact.get(path, method=method)
    until(lambda: len(exact.accesses()) == 4)
    seen = [(r.method, r.path, r.status, r.source, r.body_bytes) for r in exact.accesses()]
    assert sorted(seen) == [
        ("GET", "/", 200, AnswerSource.FILE, 17),
        ("GET", "/a/", 200, AnswerSource.MISS, 16),
        ("GET", "/about", 301, AnswerSource.REDIRECT, 0),
        ("HEAD", "/a/", 200, AnswerSource.HIT, 0),
    ]
    assert all(0 < record.milliseconds < 5000 for record in exact.accesses())


def test_a_crash_is_a_plain_500_for_the_visitor_and_a_reason_in_the_log(exact: Preview) -> None:
    def crash(request: object) -> Response:
        raise RuntimeError("the secret reason")

    exact.builder.answer_with = crash
    got = exact.get("/a/")
    assert got.status == 500
    assert b"secret" not in got.body
    (record,) = exact.renders()
    assert record.failure == Failure("RuntimeError: the secret reason")


def test_a_bug_in_the_edge_is_a_500_and_a_notice(exact: Preview) -> None:
    class BrokenRule(RedirectRule):
        @property
        def redirects(self) -> bool:
            raise RuntimeError("a bug")

    broken = BrokenRule("/x", "/y")
    exact.edge.deploy(exact.deployment("build-2", rules=(broken,)))
    assert exact.get("/x").status == 500
    notices = [record for record in exact.records if isinstance(record, Notice)]
    assert [(notice.level, "a bug" in notice.message) for notice in notices] == [
        (NoticeLevel.ERROR, True)
    ]


def test_a_ttl_that_is_too_short_is_said_once(exact: Preview) -> None:
    exact.builder.answer_with = always(Response(200, b"", {}, Caching(5)))
    exact.get("/a/")
    notices = [record for record in exact.records if isinstance(record, Notice)]
    assert [notice.message for notice in notices] == ["/a/: a ttl of 5 s is raised to 60"]
    assert exact.get("/a/").headers["cache-status"] in ("ssg; hit; ttl=60", "ssg; hit; ttl=59")


def test_a_crowd_of_first_requests_over_http_renders_once(exact: Preview) -> None:
    def slow(request: object) -> Response:
        time.sleep(0.1)
        return Response(200, b"page", HTML, caching=Caching())

    exact.builder.answer_with = slow
    with ThreadPoolExecutor(60) as pool:
        got = list(pool.map(exact.get, ["/a/"] * 60))
    assert len(exact.builder.requests) == 1
    assert {(one.status, one.body) for one in got} == {(200, b"page")}
    assert sum(one.headers["cache-status"].endswith("collapsed") for one in got) > 0


def test_the_cache_outlives_the_server(tmp_path: Path) -> None:
    with previewing(tmp_path) as preview:
        preview.get("/a/")
    with previewing(tmp_path) as preview:
        assert preview.get("/a/").headers["cache-status"] == "ssg; hit"
        assert preview.builder.requests == []


def test_before_the_first_build_there_is_a_page_that_waits(tmp_path: Path) -> None:
    with previewing(tmp_path, deploy=False) as preview:
        got = preview.get("/")
        assert got.status == 503
        assert b'data-build=""' in got.body
        preview.edge.deploy(preview.deployment("build-1", rules=(CATCH_ALL,)))
        assert preview.get("/a/").status == 200
        until(lambda: any(isinstance(record, AccessRecord) for record in preview.records))
