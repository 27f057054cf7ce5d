"""The numbers of `ssg popular` become those of posts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from blog.posts.reads import import_reads
from ssg.popularity.popular_pages import PopularPages, ReadPages
from tests.platform.client import SECRET, SITE_URL, RunningApi
from tests.platform.posts.writer import Writer

BLOG = Path(__file__).parents[3] / "examples/blog-platform"


def _popular(**requests: int) -> PopularPages:
    """Requests for posts of Ana, in the logs of a server."""
    pages = tuple((f"/ana/{slug}/", count) for slug, count in requests.items())
    return PopularPages(ReadPages(), {"/{user}/{slug}/": ReadPages(pages)})


def _reads(api: RunningApi) -> dict[str, int]:
    items = api.visitor().get("/api/popular").json()["items"]
    return {item["slug"]: item["reads"] for item in items}


def test_posts_are_sorted_by_their_readers(api: RunningApi, ana: Writer) -> None:
    for slug in ("a", "b", "c"):
        ana.published(slug=slug)
    assert import_reads(api.platform, _popular(b=5, c=7, gone=9)) == 2
    assert _reads(api) == {"c": 7, "b": 5, "a": 0}
    assert list(_reads(api)) == ["c", "b", "a"]


def test_a_new_count_replaces_the_last_one(api: RunningApi, ana: Writer) -> None:
    for slug in ("a", "b"):
        ana.published(slug=slug)
    import_reads(api.platform, _popular(a=5, b=1))
    import_reads(api.platform, _popular(b=3))
    assert _reads(api) == {"b": 3, "a": 0}


def test_files_of_a_build_count_as_live_pages_do(api: RunningApi, ana: Writer) -> None:
    ana.published(slug="a")
    pages = (("/ana/a/", 4), ("/", 90), ("/ana/", 3), ("/ana/a/b/", 2), ("/ben/a/", 2))
    routes = {"/{user}/{slug}/": ReadPages((("/ana/a/", 2), ("/ana/a", 1)))}
    assert import_reads(api.platform, PopularPages(ReadPages(pages), routes)) == 1
    assert _reads(api) == {"a": 7}


def _noted(api: RunningApi) -> list[str]:
    with api.platform.database.writing() as connection:
        tags = [row["tag"] for row in connection.rows("SELECT tag FROM purge")]
        connection.change("DELETE FROM purge")
    return tags


def test_only_the_list_of_the_most_read_posts_is_purged(api: RunningApi, ana: Writer) -> None:
    ana.published(slug="a", tags=["sea"])
    api.fail_purges.append("nothing is sent while this test looks")
    _noted(api)
    import_reads(api.platform, _popular(a=5))
    assert _noted(api) == ["newest"]
    import_reads(api.platform, _popular(a=5))
    assert _noted(api) == []


def test_the_command_reads_the_file_of_ssg_popular(
    api: RunningApi, ana: Writer, tmp_path: Path
) -> None:
    ana.published(slug="a")
    file = tmp_path / "popular.json"
    file.write_text(_popular(a=12).to_json(), "utf-8")
    assert _command(api, file) == (0, "1 posts have readers.\n")
    assert _reads(api) == {"a": 12}
    file.write_text(json.dumps({"version": 2}))
    status, said = _command(api, file)
    assert status == 1
    assert '"version" must be 1' in said


def _command(api: RunningApi, file: Path) -> tuple[int, str]:
    variables = {
        "DATABASE_URL": api.platform.settings.database_url,
        "SITE_URL": SITE_URL,
        "SSG_JWT_SECRET": SECRET,
        "SSG_PURGE_SECRET": SECRET,
    }
    done = subprocess.run(
        [sys.executable, "-m", "blog", "import-reads", str(file)],
        cwd=BLOG,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
