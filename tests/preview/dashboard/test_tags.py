"""The dashboard of a host with cache tags: what it shows of them, and purges by them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ssg.build.tag_table.tag_values import tag_names
from ssg.edge.purge_index import TagChanges
from ssg.preview.deployment import BuildInfo
from ssg.render.dependencies.tags import page_tag
from ssg.runtime.caching import Caching
from ssg.runtime.http import Response
from ssg.targets.netlify.capabilities import FUNCTION
from tests.conftest import Built
from tests.preview.dashboard_page import Console, console
from tests.preview.running import HTML, until

PAGE = "/posts/p1/"
TAG = page_tag(PAGE)


def deploy(preview: Console, built: Built, **changes: object) -> None:
    """Serve a build of a host with tags, whose builds share a cache."""
    database = built.report.database
    info = BuildInfo(database, tag_names=lambda: tag_names(database))
    values = {"capabilities": FUNCTION, "cache_id": "ssg", "info": info, **changes}
    preview.deploy(built, **values)


@pytest.fixture
def preview(tmp_path: Path, built: Built) -> Iterator[Console]:
    with console(tmp_path) as running:
        deploy(running, built)
        yield running


def test_the_policy_and_the_host_are_named(preview: Console) -> None:
    assert "Caches like CDN Netlify Functions" in preview.text()


def test_a_cached_page_shows_its_tags_and_what_the_cache_is_told(preview: Console) -> None:
    assert "tags" not in preview.rows()[PAGE]
    got = preview.get(PAGE)
    row = preview.rows()[PAGE]
    assert f"page {PAGE}" in row
    assert "template page.html" in row
    said = "public, durable, s-maxage=120, stale-while-revalidate=180"
    assert f"Netlify-CDN-Cache-Control {said}" in row
    assert f"Netlify-Cache-Tag {','.join(tags_of(preview))}" in row
    assert "Netlify-Cache-ID ssg" in row
    assert not [name for name in got.headers if name.startswith("netlify-")]
    assert got.headers["cache-control"] == "public, max-age=0, must-revalidate"


def test_without_a_ttl_a_kept_page_stays_until_it_is_purged(preview: Console, built: Built) -> None:
    page = Response(200, b"page", HTML, Caching(tags=(TAG,)))
    deploy(preview, built, content_id="two", answer=lambda _: page)
    preview.get(PAGE)
    assert "until it is purged" in preview.rows()[PAGE]


def test_a_page_that_is_too_old_to_be_served_is_expired(preview: Console) -> None:
    preview.get(PAGE)
    preview.do(jump="hour")
    assert "expired at" in preview.rows("state=expired")[PAGE]
    assert preview.get(PAGE).headers["cache-status"] == "ssg; fwd=stale; stored"


def tags_of(preview: Console) -> tuple[str, ...]:
    served = preview.app.edge.served
    assert served
    (info,) = served.pages.entry_infos([PAGE])
    return info.caching.tags


def test_a_tag_is_purged_and_other_pages_stay(preview: Console) -> None:
    preview.get(PAGE)
    preview.get("/posts/p2/")
    assert preview.do(purge_tag=TAG).startswith("Purged ")
    assert "not cached" in preview.rows()[PAGE]
    preview.get("/posts/p2/")
    assert preview.do(purge_tag="page:0000000000") == "Purged 0 responses by page:0000000000."
    assert "fresh until" in preview.rows()["/posts/p2/"]


def test_what_is_not_a_tag_purges_nothing(preview: Console) -> None:
    preview.get(PAGE)
    assert preview.do(purge_tag="a\x00b").endswith(" is not a tag.")
    assert "fresh until" in preview.rows()[PAGE]


def test_the_last_deploy_tells_what_it_kept_and_purged(preview: Console, built: Built) -> None:
    for path in (PAGE, "/posts/p5/"):
        preview.get(path)
    changes = TagChanges(built.report.build_id, (TAG, "row:0123456789"))
    deploy(preview, built, content_id="two", changes=changes)
    until(lambda: preview.app.edge.effect is not None)
    text = preview.text()
    assert "Last deploy kept 1, purged 1 changed: 2 tags" in text
    assert f"2 tags purged by the last deploy {TAG} page {PAGE} row:0123456789" in text
    assert "fresh until" in preview.rows()["/posts/p5/"]
    deploy(preview, built, content_id="three")
    until(lambda: preview.app.edge.effect is not None)
    assert "Last deploy kept 0, purged 1 changed: everything" in preview.text()


def test_a_host_without_tags_shows_none(tmp_path: Path, built: Built) -> None:
    with console(tmp_path) as preview:
        preview.deploy(built)
        preview.get(PAGE)
        text = preview.text()
    assert "Caches like builders Netlify's On-demand Builders" in text
    assert "Purge by tag" not in text
    assert "template page.html" not in text
