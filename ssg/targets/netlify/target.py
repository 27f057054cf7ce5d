"""Netlify: redirect rules in the publish folder, and one On-demand Builder for deferred pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ssg.model.errors import Location, Problem, TargetError
from ssg.model.page import Alias
from ssg.model.urls import quote_path
from ssg.redirects.cover import cover
from ssg.redirects.draft import Parsed
from ssg.redirects.headers import ParsedHeaders, parse_headers, unguarded
from ssg.redirects.netlify_toml import parse_netlify_toml
from ssg.redirects.parse import parse_redirects
from ssg.redirects.prove import hidden_by, prove
from ssg.redirects.rule import BUILDERS, Rule
from ssg.redirects.write import write_redirects
from ssg.targets.netlify import npm
from ssg.targets.netlify.headers import append_headers, immutable
from ssg.targets.netlify.package import FUNCTIONS_FOLDER, emit
from ssg.targets.netlify.size import UNZIPPED_LIMIT_BYTES, ZIPPED_LIMIT_BYTES
from ssg.targets.target import Emitted, Routes, Size, Stage

PAGE_LIMIT = 10_000
"""Generated pages of a deploy; past it, caching is reduced (Netlify docs, On-demand Builders)."""

REDIRECTS = "_redirects"
HEADERS = "_headers"
NOT_FOUND = "404.html"
OWN_HEADER = "# Written by ssg: old addresses, then the builder of deferred pages.\n"


class NetlifyTarget:
    """Emits `_redirects` and the function folder."""

    name = "netlify"
    defers = True
    page_limit = PAGE_LIMIT

    def __init__(self, function: str, *, package: bool) -> None:
        self._function = function
        self._packages = package

    def check(self) -> list[Problem]:
        return npm.missing_tools() if self._packages else []

    def routes(self, root: Path, aliases: Sequence[Alias], deferred_paths: Sequence[str]) -> Routes:
        moved = tuple(Rule(quote_path(alias.path), alias.url, 301) for alias in aliases)
        builder = BUILDERS + self._function
        covering = cover(deferred_paths, builder) if deferred_paths else ()
        user = _user_rules(root)
        later = _later_rules(root).rules  # Netlify itself judges that file
        headers = _headers(root)
        bare = unguarded(headers.rules, deferred_paths)
        return Routes(
            user=user.rules,
            aliases=moved,
            covering=covering,
            later=later,
            headers=headers.rules,
            problems=(*user.problems, *headers.problems, *bare),
            warnings=(*hidden_by((*moved, *covering), later), *headers.warnings),
        )

    def emit(self, stage: Stage) -> Emitted:
        paths = [page.path for page in stage.site.deferred_pages()]
        routes = self.routes(stage.root, stage.aliases, paths)
        proven = prove(routes.rules, routes.covering, paths, stage.files)
        emitted = Emitted(routes=routes, problems=(*routes.problems, *proven))
        if emitted.problems:
            return emitted
        _append_rules(stage.publish_dir / REDIRECTS, (*routes.aliases, *routes.covering))
        lasting = immutable(stage.site.fingerprinted_paths())
        append_headers(stage.publish_dir / HEADERS, lasting)
        emitted = replace(emitted, routes=replace(routes, headers=(*routes.headers, *lasting)))
        if not paths:
            return emitted
        emitted = replace(emitted, builder=BUILDERS + self._function)
        return self._package(stage, paths, emitted) if self._packages else emitted

    def _package(self, stage: Stage, paths: list[str], emitted: Emitted) -> Emitted:
        folder = stage.work_dir / self._function
        folder.mkdir()
        not_found = stage.publish_dir / NOT_FOUND
        report = emit(
            folder, stage.database, paths, not_found.read_bytes() if not_found.is_file() else b"",
            self._function,
        )  # fmt: skip
        size = Size(
            zipped=report.zipped_bytes,
            zipped_limit=ZIPPED_LIMIT_BYTES,
            zipped_is_estimate=report.zipped_is_estimate,
            unzipped=report.unzipped_bytes,
            unzipped_limit=UNZIPPED_LIMIT_BYTES,
        )
        folders = ((folder, function_folder(self._function)),)
        return replace(emitted, folders=folders, size=size)


def function_folder(function: str) -> str:
    """Where a function goes, relative to the root."""
    return f"{FUNCTIONS_FOLDER}/{function}"


def _user_rules(root: Path) -> Parsed:
    """The site's own rules."""
    text = _static_text(root, REDIRECTS)
    return Parsed((), ()) if text is None else parse_redirects(text, f"static/{REDIRECTS}")


def _headers(root: Path) -> ParsedHeaders:
    """The site's own headers."""
    text = _static_text(root, HEADERS)
    return ParsedHeaders() if text is None else parse_headers(text, f"static/{HEADERS}")


def _static_text(root: Path, name: str) -> str | None:
    """A file of `static/` that speaks to the host. Raises TargetError if it is no text."""
    file = root / "static" / name
    try:
        return file.read_text("utf-8") if file.is_file() else None
    except UnicodeDecodeError as error:
        where = Location(f"static/{name}")
        raise TargetError(Problem("the file is not UTF-8", where)) from error


def _later_rules(root: Path) -> Parsed:
    """Rules of netlify.toml, which the host reads after `_redirects`. Netlify judges them."""
    file = root / "netlify.toml"
    return parse_netlify_toml(file.read_text("utf-8")) if file.is_file() else Parsed((), ())


def _append_rules(file: Path, rules: tuple[Rule, ...]) -> None:
    if rules:
        user = file.read_text("utf-8").rstrip("\n") + "\n\n" if file.is_file() else ""
        file.write_text(user + OWN_HEADER + write_redirects(rules), "utf-8")
