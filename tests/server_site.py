"""Sites built for the target `server`, in a temporary folder."""

from __future__ import annotations

from pathlib import Path

from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.stages import Silent
from ssg.config.load import load
from tests.conftest import BARE, NOW, Built, Files, write

SERVER_SITE: Files = {
    **BARE,
    "ssg.toml": f'{BARE["ssg.toml"]!s}[target]\nname = "server"\nkeep_cache = true\n',
    "content/about.md": "About",
    "content/blog/a.md": "---\ntitle: A\ndeferred: true\n---\nText of *A*",
    "content/blog/b.md": "---\ntitle: B\ndeferred: true\naliases: [/old-b/]\n---\nText of B",
    "static/_redirects": "/x /about/ 302\n",
    "static/_headers": "/*\n  X-A: 1\n",
}


def build_for_server(
    root: Path, files: Files = SERVER_SITE, *, output_dir: str | None = None
) -> Built:
    """Write files and build; the result is in `root / "dist"`, or in `output_dir`."""
    write(root, files)
    overrides = {("target", "name"): "server"}
    if output_dir is not None:
        overrides["output_dir",] = output_dir
    project = load(root, overrides=overrides, environment={})
    return Built(root, build(project, Layout.of(project), BuildOptions(NOW), Silent()))
