"""Variants of pictures over HTTP: a real server, and an image function that makes texts."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from ssg.edge.events import AccessRecord, AnswerSource, VariantOutcome, VariantRecord
from ssg.edge.http.encodings import ALL_ENCODINGS
from ssg.model.images.variant import Variant
from ssg.redirects.formats.headers_file import parse_headers
from ssg.redirects.rule import RedirectRule, RuleConditions
from ssg.targets.server.capabilities import SERVER
from tests.preview.running import CATCH_ALL, Preview, previewing, until

from .pictures import ADDRESS, IMAGE_RULES, SERVICE, TextPictures, pictures, variant

RULES = (*IMAGE_RULES, CATCH_ALL)
PATH = variant().path
CONTENT = f"<{variant().file_name}>".encode() * 20
LASTING = "public, max-age=31536000, immutable"


def deploy(preview: Preview, images: TextPictures, **more: object) -> None:
    preview.app.deploy(preview.deployment("build", images=images, rules=RULES, **more))


@pytest.fixture
def images(tmp_path: Path) -> TextPictures:
    return pictures(tmp_path)


@pytest.fixture
def preview(tmp_path: Path, images: TextPictures) -> Iterator[Preview]:
    with previewing(tmp_path, exact=True, encodings=ALL_ENCODINGS) as preview:
        deploy(preview, images)
        yield preview


def test_a_variant_is_made_once_and_then_sent(preview: Preview, images: TextPictures) -> None:
    first, second = preview.get(PATH), preview.get(PATH)
    assert first.status == second.status == 200
    assert first.body == second.body == CONTENT
    assert images.makes == [variant().file_name]
    for got in (first, second):
        assert got.headers["content-type"] == "image/webp"
        assert got.headers["cache-control"] == LASTING
        assert got.headers["etag"] == first.headers["etag"]
    assert first.headers["cache-status"] == "ssg; fwd=uri-miss; stored"
    assert "render;dur=" in first.headers["server-timing"]
    assert second.headers["cache-status"] == "ssg; hit"
    until(lambda: len(preview.accesses()) == 2)
    assert [one.source for one in preview.accesses()] == [AnswerSource.MISS, AnswerSource.HIT]
    (record,) = variant_records(preview)
    assert (record.picture, record.name) == ("/boat.jpg", variant().file_name)
    assert record.outcome is VariantOutcome.MADE
    assert preview.builder.requests == []


def variant_records(preview: Preview) -> list[VariantRecord]:
    return [one for one in preview.records if isinstance(one, VariantRecord)]


def test_conditions_ranges_and_head_are_those_of_files(preview: Preview) -> None:
    head = preview.get(PATH, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(CONTENT))
    etag = {"If-None-Match": head.headers["etag"]}
    assert preview.get(PATH, etag).status == 304
    part = preview.get(PATH, {"Range": "bytes=1-4"})
    assert (part.status, part.body) == (206, CONTENT[1:5])
    assert preview.get(PATH, {"Accept-Encoding": "gzip"}).headers.get("content-encoding") is None
    refused = preview.get(PATH, method="POST")
    assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD")


def test_an_etag_is_that_of_the_bytes(preview: Preview, images: TextPictures) -> None:
    before = preview.get(PATH).headers["etag"]
    images.keep(variant(), CONTENT)  # another file with another time
    assert preview.get(PATH).headers["etag"] == before
    images.keep(variant(), b"other")
    assert preview.get(PATH).headers["etag"] != before


def test_an_unknown_variant_is_404_and_costs_nothing(
    preview: Preview, images: TextPictures, tmp_path: Path
) -> None:
    for path in ("/_img/0123456789abcdef-641.webp", "/_img/", "/_img/%2e%2e/x", "/_img/%ff"):
        got = preview.get(path)
        assert got.status == 404
        assert "immutable" not in got.headers["cache-control"]
    assert (images.makes, preview.builder.requests) == ([], [])
    assert not (tmp_path / "variants").exists()


def test_what_is_missing_does_not_last(tmp_path: Path, images: TextPictures) -> None:
    """Files and variants in this folder last, and the page for missing ones is a file, too."""
    headers = parse_headers(f"/_img/*\n  Cache-Control: {LASTING}\n", "_headers").rules
    with previewing(tmp_path, exact=True) as preview:
        (preview.publish_dir / "404.html").write_text("missing")
        deploy(preview, images, headers=headers)
        got = preview.get("/_img/0123456789abcdef-641.webp")
    assert (got.status, got.body) == (404, b"missing")
    assert got.headers["cache-control"] == "public, max-age=0, must-revalidate"


def test_a_file_and_rules_of_the_site_come_first(preview: Preview, images: TextPictures) -> None:
    folder = preview.publish_dir / "_img"
    folder.mkdir()
    (folder / variant().file_name).write_bytes(b"of the build")
    assert preview.get(PATH).body == b"of the build"
    assert images.finds == []


def test_headers_of_the_site_count(tmp_path: Path, images: TextPictures) -> None:
    headers = parse_headers("/_img/*\n  X-Robots-Tag: noindex\n", "_headers").rules
    with previewing(tmp_path, exact=True) as preview:
        deploy(preview, images, headers=headers)
        got = preview.get(PATH)
    assert (got.headers["x-robots-tag"], got.headers["cache-control"]) == ("noindex", LASTING)


def test_an_address_that_names_a_picture_has_the_password_of_it(
    tmp_path: Path, images: TextPictures
) -> None:
    headers = parse_headers("/boat.jpg\n  Basic-Auth: me:secret\n", "_headers").rules
    admitted = {"authorization": "Basic " + base64.b64encode(b"me:secret").decode()}
    with previewing(tmp_path, exact=True) as preview:
        deploy(preview, images, headers=headers)
        refused, found = (preview.get("/img/boat.jpg/640", sent) for sent in (None, admitted))
        by_digest = preview.get(PATH)
    assert (refused.status, CONTENT in refused.body, found.body) == (401, False, CONTENT)
    assert found.headers["cache-control"] == "private, no-store"
    assert (by_digest.status, by_digest.headers["cache-control"]) == (200, LASTING)


def test_what_rules_give_to_some_visitors_is_kept_by_them_alone(
    preview: Preview, images: TextPictures
) -> None:
    rule = replace(IMAGE_RULES[0], conditions=RuleConditions(cookies=("member",)))
    preview.app.deploy(preview.deployment("other", images=images, rules=(rule,)))
    assert preview.get(PATH).status == 404
    got = preview.get(PATH, {"Cookie": "member=1"})
    assert (got.status, got.body) == (200, CONTENT)
    assert got.headers["cache-control"] == "private, max-age=0, must-revalidate"


def test_an_address_is_asked_for_again_on_each_use(preview: Preview) -> None:
    """Its bytes may change while it stays the same."""
    got = preview.get("/img/boat.jpg/640")
    assert got.body == CONTENT
    assert got.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert preview.get("/img/boat.jpg/641").status == preview.get(f"{ADDRESS}/x").status == 404


def test_a_service_of_the_host_refuses_what_it_does_not_allow(preview: Preview) -> None:
    got = preview.get(f"{SERVICE}?url=/boat.jpg&w=7")
    assert got.status == 400
    assert b"w=7" in got.body
    assert got.headers["cache-control"] == "no-store"


def test_a_service_of_the_host_reads_the_query_also_of_a_rule(
    preview: Preview, images: TextPictures
) -> None:
    rule = RedirectRule("/small/*", f"{SERVICE}?url=/:splat&w=640", 200)
    preview.app.deploy(preview.deployment("other", images=images, rules=(rule, *RULES)))
    for path in (f"{SERVICE}?url=/boat.jpg&w=640", "/small/boat.jpg"):
        got = preview.get(path, {"Accept": "image/webp,*/*"})
        assert (got.status, got.body, got.headers["vary"]) == (200, CONTENT, "Accept")
        assert preview.get(path).status == 404


def test_twenty_at_once_are_one(preview: Preview, images: TextPictures) -> None:
    def slow(_: Variant) -> bytes:
        time.sleep(1)  # enough for the others to come on a busy machine, too
        return CONTENT

    images.make_with = slow
    with ThreadPoolExecutor(20) as pool:
        got = list(pool.map(lambda _: preview.get(PATH), range(20)))
    assert {(one.status, one.body) for one in got} == {(200, CONTENT)}
    assert len(images.makes) == 1
    collapsed = [one for one in got if "collapsed" in one.headers["cache-status"]]
    assert collapsed


def test_a_failure_is_not_kept(preview: Preview, images: TextPictures) -> None:
    def fail(_: Variant) -> bytes:
        raise ValueError("static/boat.jpg: it is cut off")

    good, images.make_with = images.make_with, fail
    for _ in range(2):
        got = preview.get(PATH)
        assert (got.status, got.headers["cache-control"]) == (500, "no-store")
        assert b"cut off" not in got.body
    assert len(images.makes) == 2
    assert {one.problem for one in variant_records(preview)} == {"static/boat.jpg: it is cut off"}
    images.make_with = good
    assert preview.get(PATH).status == 200


def test_what_another_process_has_made_is_found(preview: Preview, images: TextPictures) -> None:
    images.keep(variant(), b"made by another process")
    got = preview.get(PATH)
    assert got.body == b"made by another process"
    assert got.headers["cache-status"] == "ssg; hit"
    assert images.makes == []


def test_a_damaged_file_is_made_again(preview: Preview, images: TextPictures) -> None:
    images.keep(variant(), b"cut o")
    images.damaged.add(variant().file_name)
    assert preview.get(PATH).body == CONTENT
    assert len(images.makes) == 1


def test_a_variant_that_cannot_be_stored_is_sent_all_the_same(
    preview: Preview, images: TextPictures
) -> None:
    images.can_write = False
    for _ in range(2):
        got = preview.get(PATH)
        assert (got.status, got.body, got.headers["cache-control"]) == (200, CONTENT, LASTING)
        assert got.headers["content-type"] == "image/webp"
    assert preview.get(PATH, {"If-None-Match": got.headers["etag"]}).status == 304
    assert len(images.makes) == 3


def test_pictures_do_not_starve_pages_and_too_many_are_refused(tmp_path: Path) -> None:
    gate = threading.Event()
    several = [variant(width=width) for width in range(100, 110)]
    images = pictures(tmp_path, *several)

    def wait(_: Variant) -> bytes:
        gate.wait(20)
        return CONTENT

    images.make_with = wait
    options = {"render_threads": 1, "image_threads": 1, "image_queue": 2}
    with previewing(tmp_path, exact=True, capabilities=SERVER, **options) as preview:
        deploy(preview, images)
        with ThreadPoolExecutor(10) as pool:
            waiting = [pool.submit(preview.get, one.path) for one in several]
            until(lambda: sum(one.done() for one in waiting) == 7)
            assert preview.edge.waiting_variants == 2
            assert preview.get("/page/").status == 200
            gate.set()
            got = [one.result() for one in waiting]
    refused = [one for one in got if one.status == 503]
    assert len(refused) == 7
    for one in refused:
        assert (one.headers["retry-after"], one.headers["cache-control"]) == ("2", "no-store")
    assert [one.status for one in got].count(200) == 3


def test_a_variant_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    gate = threading.Event()
    images = pictures(tmp_path)

    def wait(_: Variant) -> bytes:
        gate.wait(20)
        return CONTENT

    images.make_with = wait
    with previewing(tmp_path, exact=True, capabilities=replace(SERVER, seconds=0.2)) as preview:
        deploy(preview, images)
        assert preview.get(PATH).status == 504
        gate.set()
        until(lambda: preview.get(PATH).status == 200)
    assert len(images.makes) <= 2


def test_without_an_image_function_its_address_is_elsewhere(tmp_path: Path) -> None:
    with previewing(tmp_path, exact=True) as preview:
        preview.app.deploy(preview.deployment("build", rules=RULES))
        assert preview.get(PATH).status == 502
    assert all(isinstance(one, AccessRecord) for one in preview.accesses())
