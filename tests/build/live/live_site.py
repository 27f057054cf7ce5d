"""A site with live pages of a small API, and builds of it with an environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.stages import Silent
from ssg.config.load import load
from ssg.sources.environment import SiteEnvironment
from tests.conftest import BARE, NOW, Built, write

CONFIG = """
base_url = "https://example.org/sub/"
theme = ""
[runtime]
env = ["API_URL"]
[sources.api]
url = "${API_URL}"

[[routes]]
path = "/{user}/{slug}/"
template = "post.html"
except = { user = ["tags"] }
data.post = { source = "api", path = "/posts/{user}/{slug}" }
data.user_of = { source = "api", path = "/users/{user}" }
page = { title = "post.title", updated = "post.edited_at" }
ttl = 3600
tags = ["user:{user}", "post:{user}/{slug}"]
"""
PATHS = (
    'paths = { source = "api", path = "/popular?limit=300", '
    'params = { user = "user", slug = "slug" }, updated = "edited_at" }\n'
)
FILES: Mapping[str, str] = {
    **BARE,
    "ssg.toml": CONFIG + PATHS,
    "content/_index.md": "---\ntitle: Home\n---\n",
    "content/about.md": "---\ntitle: About\n---\nText.\n",
    "templates/404.html": "nothing here",
    "templates/post.html": "{{ page.title }}|{{ user_of.name }}|{{ page.url }}",
}


def build_live(
    root: Path,
    files: Mapping[str, str] | None = None,
    env: Mapping[str, str] | None = None,
    target: str = "netlify",
    *,
    strict: bool = False,
    no_cache: bool = False,
    processes: int | None = 1,
) -> Built:
    """Write files and build. Without `files`, those that are there are built again."""
    write(root, files or {})
    kind = {("target", "kind"): "function"} if target == "netlify" else {}
    overrides = {("target", "name"): target, **kind}
    project = load(root, overrides=overrides, environment={})
    site = project.settings.site
    options = BuildOptions(NOW, strict=strict, package=target == "server", no_cache=no_cache)
    options = replace(
        options,
        environment=SiteEnvironment.for_site(env or {}, site.env, site.sources.values()),
        processes=processes,
    )
    return Built(root, build(project, Layout.of(project), options, Silent()))
