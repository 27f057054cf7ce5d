"""The redirect rules of a site, for hosts that read them: its own, and those that ssg adds."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from pathlib import Path

from ssg.model.errors import Location, Problem, TargetError
from ssg.model.page import NOT_FOUND_FILE, Alias
from ssg.model.urls import quote_path
from ssg.redirects.formats.headers_file import ParsedHeaders, parse_headers
from ssg.redirects.formats.raw_rule import ParsedRedirects
from ssg.redirects.formats.redirects_file import parse_redirects
from ssg.redirects.rule import SPLAT, RedirectRule

REDIRECTS = "_redirects"
HEADERS = "_headers"


def site_redirects(root: Path) -> ParsedRedirects:
    """The site's own rules. Raises TargetError if the file is not UTF-8."""
    text = _static_text(root, REDIRECTS)
    return ParsedRedirects((), ()) if text is None else parse_redirects(text, f"static/{REDIRECTS}")


def site_headers(root: Path) -> ParsedHeaders:
    """The site's own headers. Raises TargetError if the file is not UTF-8."""
    text = _static_text(root, HEADERS)
    return ParsedHeaders() if text is None else parse_headers(text, f"static/{HEADERS}")


def alias_rules(aliases: Sequence[Alias]) -> tuple[RedirectRule, ...]:
    """A rule for each old address."""
    return tuple(RedirectRule(quote_path(alias.path), alias.url, alias.status) for alias in aliases)


def error_rules(paths: Sequence[str], covering: Sequence[RedirectRule]) -> tuple[RedirectRule, ...]:
    """`/fr/* /fr/404.html 404`, except where the function answers for the whole folder."""
    covered = {rule.from_path for rule in covering}
    rules = (
        RedirectRule(quote_path(path).removesuffix(NOT_FOUND_FILE) + SPLAT, quote_path(path), 404)
        for path in paths
    )
    return tuple(rule for rule in rules if covered.isdisjoint({rule.from_path, "/" + SPLAT}))


def not_passed_on(
    rules: Iterable[RedirectRule], host: str, own: Container[str | None] = ()
) -> Iterator[Problem]:
    """Warn of each rule that leads to another server or a function: `host` asks neither.

    `own` are the addresses of functions that it has itself.
    """
    for rule in rules:
        if rule.redirects or not (rule.leaves_site or rule.function):
            continue
        if rule.function in own:
            continue
        hint = "Answer it in front of the server, or with another host"
        yield Problem(f"`{rule}`: {host} does not pass requests on", rule.where, hint)


def _static_text(root: Path, name: str) -> str | None:
    """A file of `static/` for the host. Raises TargetError if it is not UTF-8."""
    file = root / "static" / name
    try:
        return file.read_text("utf-8") if file.is_file() else None
    except UnicodeDecodeError as error:
        where = Location(f"static/{name}")
        raise TargetError(Problem("the file is not UTF-8", where)) from error
