"""All that a build of a random site leaves."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path
from unittest.mock import patch

from ssg.build.clock import build_time
from ssg.build.incremental.up_to_date import build_fingerprint, report_if_up_to_date
from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.publish.publish_folder import file_names
from ssg.build.report import BuildReport
from ssg.config.load import load
from ssg.content.reading import chunk_reader
from ssg.fingerprint import code
from ssg.model.errors import SsgError
from ssg.model.page import Page
from ssg.render.markdown.title import plain_title
from ssg.render.renderer import Renderer
from tests.build.incremental.random_site import World
from tests.conftest import Silent


@contextlib.contextmanager
def code_of(world: World, folder: Path) -> Iterator[None]:
    """Build with the versions of code that a world has: they make other titles and other pages."""
    package, module = world.package_version, world.module_version
    version_file = folder / f"version-{module}.py"
    version_file.write_text(str(module))
    files, render = code.code_files, Renderer.render

    def title(text: str) -> str:
        return plain_title(text) + "+" * abs(package)

    def rendered(renderer: Renderer, page: Page) -> bytes:
        return render(renderer, page) + f"<!-- {module} -->".encode()

    with (
        patch.object(code, "installed", lambda: [f"mistune-{package}.dist-info"]),
        patch.object(code, "code_files", lambda: [*files(), str(version_file)]),
        patch.object(chunk_reader, "plain_title", title),
        patch.object(Renderer, "render", rendered),
        patch.dict(os.environ, {"SOURCE_DATE_EPOCH": str(int(world.now.timestamp()))}),
    ):
        code.code_fingerprint.cache_clear()
        try:
            yield
        finally:
            code.code_fingerprint.cache_clear()


TAGS = "_ssg/tags"
"""The tag table has a value for the time of the build."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """All that a build leaves for the world, or why it leaves nothing."""

    problems: frozenset[str] = frozenset()
    files: dict[str, bytes] = field(default_factory=dict)
    manifest: str = ""
    facts: dict[str, list[object]] = field(default_factory=dict)
    is_at_rest: bool = False
    """Whether nothing was built, as there was nothing to do."""

    def is_as(self, other: Outcome) -> bool:
        """What was left as it stood says when it was built. No page does, or it would not stand."""
        if not (self.is_at_rest or other.is_at_rest):
            return astuple(self) == astuple(other)
        return astuple(self.timeless()) == astuple(other.timeless())

    def timeless(self) -> Outcome:
        manifest = json.loads(self.manifest)
        del manifest["build_time"]
        meta = [row for row in self.facts["meta"] if row[0] != "build_time"]
        facts = {**self.facts, "meta": meta}
        files = {name: data for name, data in self.files.items() if not name.startswith(TAGS)}
        text = json.dumps(manifest)
        return replace(self, manifest=text, facts=facts, files=files, is_at_rest=False)


def outcome(root: Path, world: World, *, no_cache: bool) -> tuple[Outcome, BuildReport | None]:
    try:
        with code_of(world, root.parent):
            return _outcome(root, world, no_cache=no_cache)
    except SsgError as error:
        return Outcome(frozenset(str(problem) for problem in error.problems)), None


def _outcome(root: Path, world: World, *, no_cache: bool) -> tuple[Outcome, BuildReport | None]:
    """As `ssg build` goes about it."""
    project = load(root, overrides=overrides(world), environment={})
    layout, now = Layout.of(project), build_time(project.settings.site.timezone)
    options = BuildOptions(
        now, world.include, strict=world.strict, package=False, no_cache=no_cache
    )
    fingerprint = build_fingerprint(project, options.key)
    if fingerprint and not no_cache and report_if_up_to_date(layout, fingerprint, now):
        return left(layout, world, is_at_rest=True), None
    report = build(project, layout, replace(options, fingerprint=fingerprint), Silent())
    return left(layout, world, is_at_rest=False), report


def overrides(world: World) -> dict[tuple[str, ...], str]:
    return {("target", "name"): world.target, ("target", "kind"): world.kind}


def left(layout: Layout, world: World, *, is_at_rest: bool) -> Outcome:
    files = {name: (layout.output / name).read_bytes() for name in file_names(layout.output)}
    for name in world.foreign:
        files.pop(name, None)
    found = facts(layout.database)
    return Outcome(frozenset(), files, layout.manifest.read_text(), found, is_at_rest)


def facts(database: Path) -> dict[str, list[object]]:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr)  # noqa: S608
            for (name,) in tables.fetchall()
            if not name.startswith("sqlite_")
        }
