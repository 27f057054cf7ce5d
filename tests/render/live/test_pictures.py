"""Pictures of the site in texts of live pages, and in their templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import BARE
from tests.images.pictures import encoded, quarters
from tests.live_site import LiveSite

CONFIG = """
[images]
widths = [40, 80]
[sources.api]
url = "https://api.example.org"
trusted = true
[sources.users]
url = "https://users.example.org"
[[routes]]
path = "/ana/{slug}/"
template = "post.html"
data.post = { source = "api", path = "/{slug}" }
page = { title = "post.title", body = "post.text" }
[[routes]]
path = "/users/{slug}/"
template = "post.html"
data.post = { source = "users", path = "/{slug}" }
page = { title = "post.title", body = "post.text" }
"""


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> LiveSite:
    root: Path = tmp_path_factory.mktemp("live")
    cover = "{% set c = image(post.cover, width=20, allow_missing=true) %}[{{ c.url if c }}]"
    return LiveSite.make(root, {
        **BARE, "ssg.toml": BARE["ssg.toml"] + CONFIG,
        "templates/post.html": "{{ page.content }}" + cover,
        "static/boat.jpg": encoded(quarters(), "JPEG"),
    })  # fmt: skip


@pytest.mark.parametrize(
    ("path", "target", "has_variants"),
    [("/ana/x/", "/boat.jpg", True), ("/ana/x/", "boat.jpg", False),
     ("/users/x/", "/boat.jpg", False)],
)  # fmt: skip
def test_a_trusted_text_shows_pictures_by_paths_of_the_site(
    live: LiveSite, path: str, target: str, has_variants: bool
) -> None:
    html = live.html(path, {"/x": {"title": "T", "text": f"![A]({target})", "cover": ""}})
    assert ("<picture>" in html) is has_variants
    assert 'alt="A"' in html


@pytest.mark.parametrize(
    ("cover", "shown"), [("/boat.jpg", "-20.jpg]"), ("/none.jpg", "[]"), ("x" * 9000, "[]")]
)
def test_templates_show_pictures_that_data_names(live: LiveSite, cover: str, shown: str) -> None:
    assert shown in live.html("/ana/x/", {"/x": {"title": "T", "text": "", "cover": cover}})
