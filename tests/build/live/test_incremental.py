"""An incremental build has the bytes of a clean one, however the data changed."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tests.build.live.live_site import CONFIG, FILES, build_live
from tests.conftest import Built
from tests.json_api import JsonApi, json_api

PATHS = (
    'paths = { source = "api", path = "/popular?limit=300", critical = 4, '
    'params = { user = "user", slug = "slug" }, updated = "edited_at" }\n'
)
STEPS = 5


def _change(api: JsonApi, site: Path, draw: random.Random) -> None:
    """One random change of the data or of the site."""
    user, slug = f"u{draw.randint(1, 3)}", f"p{draw.randint(1, 4)}"
    kind = draw.choice(["add", "edit", "remove", "name", "page", "template", "nothing"])
    if kind == "add":
        api.add_post(user, slug, title=f"T{draw.random()}")
    elif kind == "edit" and api.posts:
        draw.choice(list(api.posts.values()))["edited_at"] = f"2026-01-0{draw.randint(1, 9)}"
    elif kind == "remove" and api.posts:
        api.posts.pop(draw.choice(list(api.posts)))
    elif kind == "name" and api.users:
        draw.choice(list(api.users.values()))["name"] = f"N{draw.random()}"
    elif kind == "page":
        page = site / "content" / user / f"{slug}.md"
        page.parent.mkdir(exist_ok=True)
        page.unlink() if page.exists() else page.write_text("mine")
    elif kind == "template":
        (site / "templates/post.html").write_text(f"{draw.random()} {{{{ page.title }}}}")


def _tree(built: Built) -> dict[str, bytes]:
    return {name: (built.report.output / name).read_bytes() for name in built.files}


def _changed(built: Built) -> set[str]:
    return {name for name in built.report.changed if not name.startswith("_ssg/")}


@pytest.mark.parametrize("seed", range(4))
def test_incremental_is_clean(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 the same in each run
    site, clean = tmp_path / "site", tmp_path / "clean"
    with json_api(posts=3) as api:
        env = {"API_URL": api.url}
        files = {**FILES, "ssg.toml": f"sitemap.max_urls = 6\n{CONFIG}{PATHS}"}
        build_live(site, files, env)
        for _ in range(STEPS):
            for _ in range(draw.randint(1, 3)):
                _change(api, site, draw)
            now = build_live(site, {}, env)
            shutil.rmtree(clean, ignore_errors=True)
            ignored = shutil.ignore_patterns(".ssg", "public", ".netlify")
            shutil.copytree(site, clean, ignore=ignored)
            assert _tree(now) == _tree(build_live(clean, {}, env))


def test_unchanged_pages_are_not_written_again(tmp_path: Path) -> None:
    with json_api(posts=3) as api:
        env = {"API_URL": api.url}
        build_live(tmp_path, FILES, env)
        assert build_live(tmp_path, {}, env).report.changed == frozenset()
        api.posts["user1", "post2"]["title"] = "New"
        assert _changed(build_live(tmp_path, {}, env)) == {"user1/post2/index.html"}
        api.posts.pop(("user1", "post1"))
        built = build_live(tmp_path, {}, env)
        assert _changed(built) == {"user1/post1/index.html", "sitemap.xml"}
        assert "user1/post1/index.html" not in built.files


def test_worker_processes_write_the_same(tmp_path: Path) -> None:
    with json_api(posts=300, users=9) as api:
        env = {"API_URL": api.url}
        one = build_live(tmp_path / "one", FILES, env, processes=1)
        many = build_live(tmp_path / "many", FILES, env, processes=3)
        assert one.report.live.critical == 300
        assert _tree(one) == _tree(many)
