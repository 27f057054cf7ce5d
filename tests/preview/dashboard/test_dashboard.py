"""The dashboard over a real socket: what it shows, and what it does."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest

from ssg.edge.events import VariantOutcome, VariantRecord
from ssg.model.errors import Location, Problem
from ssg.preview.dashboard import formatting
from ssg.preview.deployment import BuildInfo, PictureCounts
from ssg.redirects.header_rule import HeaderRule
from ssg.runtime.caching import Caching
from ssg.runtime.http import Response
from tests.conftest import Built
from tests.preview.dashboard_page import Console, console
from tests.preview.running import HTML, until

# -- what it shows -------------------------------------------------------------------------------


def test_the_page_tells_of_the_build_and_of_every_page(preview: Console, built: Built) -> None:
    text = preview.text()
    assert built.report.build_id in text
    assert f"{len(built.paths)} " in text
    assert "Fish & <chips>" in text
    assert set(preview.rows()) == set(built.paths)


def test_a_row_has_plan_rule_template_source_state_and_size(preview: Console, built: Built) -> None:
    rows = preview.rows()
    about, post = rows["/about/"], rows["/posts/p1/"]
    assert "critical" in about
    assert "file about/index.html" in about
    assert "content/about.md" in about
    assert formatting.size(len((built.report.output / "about/index.html").read_bytes())) in about
    assert "deferred" in post
    assert "ttl 2 min" in post
    assert "stale 3 min" in post
    assert "news" in post
    assert 'match "posts/**"' in post
    assert "/.netlify/builders/ssg-pages" in post
    assert "page.html" in post
    assert "content/posts/p1.md" in post
    assert "never rendered" in post


def test_a_visit_is_counted_and_changes_the_state(preview: Console) -> None:
    page = preview.get("/posts/p1/")
    preview.get("/posts/p1/")
    row = preview.rows()["/posts/p1/"]
    assert "fresh until" in row
    assert f"{len(built_body(preview, '/posts/p1/'))} B" in row
    assert page.status == 200
    counters = preview.tools.counters.of_path("/posts/p1/")
    assert (counters.renders, counters.hits) == (1, 1)
    assert counters.last_render_ms is not None


def built_body(preview: Console, path: str) -> bytes:
    """The stored page, without what live reload puts in."""
    served = preview.app.edge.served
    assert served
    return served.pages.wait("GET", path).entry.body


def test_a_path_beyond_ascii_has_its_state_too(preview: Console) -> None:
    preview.get(quote("/posts/größe/"))
    assert "fresh until" in preview.rows("q=gr")["/posts/größe/"]
    assert list(preview.rows("state=fresh")) == ["/posts/größe/"]
    assert "/posts/größe/" not in preview.rows("state=never")
    assert next(iter(preview.rows("sort=renders"))) == "/posts/größe/"


@pytest.mark.parametrize(
    ("query", "paths"),
    [
        ("q=/posts/p", [f"/posts/p{number}/" for number in range(1, 6)]),
        ("q=P3", ["/posts/p3/"]),
        ("q=%25", []),
        ("q=_", []),
        ("show=critical&q=about", ["/about/"]),
        ("show=deferred&q=about", []),
        ("show=errors", []),
        ("state=fresh", ["/posts/p2/"]),
        ("state=stale", []),
        ("state=kept", []),
        ("show=deferred&q=p&sort=hits&state=fresh", ["/posts/p2/"]),
    ],
)
def test_filters_and_search(preview: Console, query: str, paths: list[str]) -> None:
    preview.get("/posts/p2/")
    assert list(preview.rows(query)) == paths


def test_rows_are_sorted(preview: Console) -> None:
    for number in (3, 3, 3, 5, 5, 1):
        preview.get(f"/posts/p{number}/")
    down = list(preview.rows("q=/posts/p&dir=down"))
    assert down == [f"/posts/p{number}/" for number in (5, 4, 3, 2, 1)]
    hits = list(preview.rows("q=/posts/p&sort=hits"))
    assert hits == [f"/posts/p{number}/" for number in (3, 5, 1, 2, 4)]
    plans = list(preview.rows("sort=plan&dir=down"))
    assert plans[0].startswith("/posts/")


def test_a_page_that_fails_says_where_and_the_last_good_one_stays(
    preview: Console, built: Built
) -> None:
    good = preview.get("/posts/p1/").body
    preview.do(fail="next")
    assert "the next render fails" in preview.text()
    preview.do(jump="hour")
    assert preview.get("/posts/p1/").body == good
    until(lambda: preview.tools.counters.failing() == ["/posts/p1/"])
    assert "renders go on as usual" in preview.text()
    row = preview.rows("show=errors")["/posts/p1/"]
    assert "stale since" in row
    assert "made to fail" in row
    assert "the last good page stays" in row
    assert preview.get("/posts/p1/").body == good
    assert "Errors 1" in preview.text()
    preview.deploy(built)
    assert preview.rows("show=errors") == {}


def test_problems_and_warnings_are_shown_as_text(preview: Console, built: Built) -> None:
    warning = Problem("odd <key>", Location("content/a.md", 3), "Leave it out")
    preview.deploy(built, info=None)
    assert "not known yet" in preview.text()
    preview.app.report([Problem("<script>alert(1)</script>", Location("x.md"))])
    page = preview.get().body.decode()
    assert "<script>alert" not in page
    assert "<script>alert(1)</script>" in preview.text()
    with console(preview.folder / "other") as other:
        report = built.report
        other.deploy(built, info=BuildInfo(report.database, "node", ("drafts",), 1.5, (warning,)))
        text = other.text()
    for part in ("odd <key>", "content/a.md:3", "Leave it out", "node", "drafts", "1.50 s"):
        assert part in text


def test_a_draft_is_marked(preview: Console, built: Built) -> None:
    preview.deploy(built, left_out={"/posts/p1/": "draft"})
    assert "draft" in preview.rows()["/posts/p1/"]
    assert "draft" not in preview.rows()["/posts/p2/"]


def test_pictures_are_counted_and_the_last_variants_are_listed(
    preview: Console, built: Built
) -> None:
    assert "Pictures" not in preview.text()
    counts = PictureCounts(12, 9, 30, lambda: (4, 2048))
    preview.deploy(built, info=BuildInfo(built.report.database, pictures=counts))
    made = VariantRecord("/<boat>.jpg", "0123-640.webp", VariantOutcome.MADE, 80.0)
    preview.tools.variants.add(made)
    failed = VariantRecord("/cat.jpg", "4567-640.webp", VariantOutcome.FAILED, 5.0, "it is cut off")
    preview.tools.variants.add(failed)
    text = preview.text()
    assert "Pictures 12 with 39 variants" in text
    assert "Made by the build 9 30 deferred" in text
    assert "Made on request 1 " in text
    assert "Variants in the cache 4 2.0 kB" in text
    assert "The last 2 variants of pictures, 1 failed" in text
    assert "/<boat>.jpg 0123-640.webp made" in text
    assert "4567-640.webp failed: it is cut off" in text


def test_before_the_first_build_there_is_a_dashboard(tmp_path: Path) -> None:
    with console(tmp_path) as preview:
        preview.app.report([Problem("nothing works")])
        text = preview.text()
        assert "nothing works" in text
        assert "none yet" in text
        assert "Nothing is built yet." in preview.do(purge_all="1")
        assert "ahead" in preview.do(jump="day")


def test_a_database_that_cannot_be_read_leaves_the_rest(preview: Console, built: Built) -> None:
    broken = preview.folder / "broken.db"
    broken.write_bytes(b"no database" * 100)
    preview.deploy(built, info=BuildInfo(broken))
    assert "not known yet" in preview.text()
    preview.deploy(built, info=BuildInfo(preview.folder / "missing.db"))
    assert "not known yet" in preview.text()


def test_the_plots_are_drawn_with_words_and_tables(preview: Console) -> None:
    for path in ("/posts/p1/", "/posts/p1/", "/about/", "/no/"):
        preview.get(path)
    page = preview.get().body.decode()
    assert 'role="img" aria-labelledby="timeline-title timeline-desc"' in page
    assert "hit 1, miss 1, file 1, 404 1" in page
    assert page.count("<rect") == 5
    assert "Requests by minute" in page
    assert "<td>" in page


def test_what_is_not_asked_for_is_not_found(preview: Console) -> None:
    assert preview.get("/__ssg/nothing").status == 404
    assert preview.get("/__ssg").headers["location"] == "/__ssg/"
    assert preview.ask("HEAD", "/__ssg/").body == b""
    assert preview.ask("PUT", "/__ssg/").status == 405
    assert preview.get("/__ssg/do").status == 405
    assert b"--accent" in preview.get("/__ssg/dashboard.css").body
    assert "javascript" in preview.get("/__ssg/dashboard.js").headers["content-type"]


def test_the_preview_answers_as_before(preview: Console) -> None:
    assert preview.get("/about/").status == 200
    assert preview.get("/__ssg/live.js").status == 200
    assert b"/__ssg/live.js" not in preview.get("/__ssg/").body


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=99999999999", "page=%C2%B2", "show=x&state=x&sort=x&dir=x",
     "q=" + "x" * 5000, "q=%00", "q=%FF%F0%9F%92%A9'\"<>", "&".join(f"a{n}=1" for n in range(50)),
     "result=nothing", "q=/%F4%8F%BF%BF"],
)  # fmt: skip
def test_any_query_gets_a_page(preview: Console, query: str) -> None:
    assert preview.get(f"/__ssg/?{query}").status == 200


def test_a_search_is_shown_as_text(preview: Console) -> None:
    page = preview.get("/__ssg/?q=%22%3E%3Cscript%3E").body.decode()
    assert "<script>" not in page
    assert "&#34;&gt;&lt;script&gt;" in page


def test_the_pulse_beats_when_something_happens(preview: Console) -> None:
    def pulse() -> dict[str, str]:
        beat: dict[str, str] = json.loads(preview.get("/__ssg/pulse").body)
        return beat

    before = pulse()
    preview.get("/about/")
    after = pulse()
    assert before["run"] == after["run"]
    assert before["version"] != after["version"]
    preview.app.report([Problem("broken")])
    assert pulse()["version"] != after["version"]


# -- what it does --------------------------------------------------------------------------------


def test_render_now_and_purge(preview: Console) -> None:
    assert preview.do(render="/posts/p1/").startswith("Rendered /posts/p1/ in ")
    assert "fresh until" in preview.rows()["/posts/p1/"]
    assert "hit" in preview.get("/posts/p1/").headers["cache-status"]
    preview.do(render="/posts/p1/")
    assert preview.tools.counters.of_path("/posts/p1/").renders == 2
    assert preview.do(purge="/posts/p1/") == "Purged /posts/p1/."
    assert "not cached" in preview.rows()["/posts/p1/"]
    assert "fwd=uri-miss" in preview.get("/posts/p1/").headers["cache-status"]


def test_render_now_renews_a_page_that_is_still_fresh(preview: Console, built: Built) -> None:
    pages = iter((b"<p>one", b"<p>two"))
    preview.deploy(built, answer=lambda _: Response(200, next(pages), HTML, Caching(120)))
    assert b"one" in preview.get("/posts/p1/").body
    preview.do(render="/posts/p1/")
    assert b"two" in preview.get("/posts/p1/").body


def test_purge_all(preview: Console) -> None:
    for number in (1, 2, 3):
        preview.get(f"/posts/p{number}/")
    assert len(preview.rows("state=fresh")) == 3
    preview.do(purge_all="1")
    assert preview.rows("state=fresh") == {}
    assert "fwd=uri-miss" in preview.get("/posts/p2/").headers["cache-status"]


@pytest.mark.parametrize("path", ["/no/such/", "/about/", "posts/p1/", "/posts/../about/"])
def test_only_deferred_pages_are_rendered_and_purged(preview: Console, path: str) -> None:
    assert "no deferred page" in preview.do(render=path)
    assert "no deferred page" in preview.do(purge=path)
    assert preview.tools.counters.histogram().renders == 0


def test_the_clock_makes_a_page_stale_and_comes_back(preview: Console) -> None:
    preview.get("/posts/p1/")
    assert preview.do(jump="hour") == "The clock is 1 h ahead."
    assert list(preview.rows("state=stale")) == ["/posts/p1/"]
    assert "detail=stale" in preview.get("/posts/p1/").headers["cache-status"]
    until(lambda: preview.tools.counters.of_path("/posts/p1/").renders == 2)
    until(lambda: "/posts/p1/" in preview.rows("state=fresh"))
    assert preview.do(jump="day") == "The clock is 1 d 1 h ahead."
    told = preview.do(real_time="1")
    assert told == "The clock shows the real time. Purged 1 page rendered ahead of it."
    assert preview.tools.clock.offset_seconds == 0
    assert preview.rows("state=fresh") == {}


def test_what_another_session_rendered_ahead_of_its_clock_is_forgotten(
    preview: Console, built: Built
) -> None:
    preview.do(jump="day")
    preview.get("/posts/p1/")
    assert preview.rows("state=fresh")
    with console(preview.folder) as next_session:
        next_session.deploy(built)
        assert next_session.rows("state=fresh") == {}


def test_a_failure_can_be_called_off(preview: Console) -> None:
    preview.do(fail="next")
    assert preview.do(fail="off") == "Renders go on as usual."
    assert preview.get("/posts/p1/").status == 200


def test_a_failure_has_the_headers_of_the_site(preview: Console, built: Built) -> None:
    rules = (HeaderRule("/posts/*", (("x-frame-options", "DENY"),)),)
    preview.deploy(built, deferred_headers=rules)
    preview.do(fail="next")
    failed = preview.get("/posts/p1/")
    assert (failed.status, failed.headers["x-frame-options"]) == (500, "DENY")


def test_a_first_render_that_fails_is_told(preview: Console) -> None:
    preview.do(fail="next")
    assert "failed: made to fail" in preview.do(render="/posts/p1/")
    assert "not cached" in preview.rows("show=errors")["/posts/p1/"]
    assert preview.do(render="/posts/p1/").startswith("Rendered")
    assert preview.rows("show=errors") == {}


def test_an_action_leads_back_to_where_it_was_pressed(preview: Console) -> None:
    fields = {"purge": "/posts/p1/", "back": "show=deferred&page=2&sort=hits"}
    got = preview.post(fields, Origin=preview.origin)
    assert got.headers["location"].startswith("/__ssg/?show=deferred&sort=hits&page=2&result=")
    elsewhere = preview.post({"purge": "/x/", "back": "//evil.example/?"}, Origin=preview.origin)
    assert elsewhere.headers["location"].startswith("/__ssg/?result=")


def test_an_unknown_action_does_nothing(preview: Console) -> None:
    assert preview.do(dance="1") == "There is no such action."
    assert preview.do(jump="year") == "There is no such action."


def test_nothing_of_it_is_in_a_build(built: Built) -> None:
    files = [path for path in built.root.rglob("*") if path.is_file()]
    assert len(files) > 10
    assert [path for path in files if b"__ssg/" in path.read_bytes()] == []
