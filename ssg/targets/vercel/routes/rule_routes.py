"""Redirect rules as routes.

A destination within the site is looked up at build time, as the preview does for each request: it
is a file, or nothing, and then `404.html` answers. With a value of the request in it, Vercel looks
it up. A `Location` gets the query of the request, as in the preview.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote

from ssg.redirects.matching.destination import WRITTEN_SAFE, decoded_path
from ssg.redirects.matching.pattern import compile_path, overlaps
from ssg.redirects.matching.static_files import FindFile
from ssg.redirects.rule import RedirectRule
from ssg.runtime.dialects import REVALIDATED
from ssg.targets.vercel.routes.expressions import PathExpression, rule_path, text
from ssg.targets.vercel.routes.route import Requirement, VercelRoute

COUNTRY = "x-vercel-ip-country"
LANGUAGE = "accept-language"
NOT_FOUND = "/404.html"


def rule_routes(rule: RedirectRule, find_file: FindFile) -> Iterator[VercelRoute]:
    """The routes of a rule: one for each cookie of which a visitor needs one."""
    path = rule_path(rule.from_path, keeps_slashes=not _begins_with_splat(rule))
    for cookie in rule.conditions.cookies or ("",):
        yield _route(rule, path, _requirements(rule, cookie), find_file)


def forced_routes(rules: Iterable[RedirectRule], find_file: FindFile) -> Iterator[VercelRoute]:
    """The routes of the forced rules, which come before files.

    A rule that is not forced decides for its paths if it comes first, so a later one does not match
    these. `unsupported` reports conditions that this cannot express.
    """
    before: list[RedirectRule] = []
    for rule in rules:
        if not rule.force:
            before.append(rule)
            continue
        excluded = _excluded(rule, before)
        for route in rule_routes(rule, find_file):
            source = "^" + excluded + route.source.removeprefix("^")
            yield VercelRoute(
                source,
                route.destination,
                route.status,
                route.headers,
                route.requirements,
                where=route.where,
            )


def earlier_rules(rule: RedirectRule, before: Iterable[RedirectRule]) -> list[RedirectRule]:
    """The rules in `before` that are not forced and match some of the paths of a forced one."""
    pattern = compile_path(rule.from_path)
    return [one for one in before if overlaps(compile_path(one.from_path), pattern)]


def references(rule: RedirectRule) -> dict[str, str]:
    """What stands for each placeholder in a destination: `$1` for a part of the path, `$id` for a
    query parameter, whose expression has a group of that name."""
    in_query = {value[1:]: f"${value[1:]}" for _, value in rule.query if value.startswith(":")}
    groups = rule_path(rule.from_path).groups
    return in_query | {name: f"${number}" for name, number in groups.items()}


def substituted(rule: RedirectRule) -> str:
    """The destination of a rule with references in place of placeholders."""
    return _replace(rule, lambda reference: reference)


def uses(rule: RedirectRule) -> frozenset[str]:
    """The references in the destination of a rule."""
    marked = _replace(rule, lambda reference: f"\0{reference}\0")
    return frozenset(marked.split("\0")[1::2])


def runs_on(rule: RedirectRule) -> bool:
    """Whether a letter or a digit follows a placeholder, which would be a part of its reference."""
    return re.search("\0[0-9A-Za-z]", _replace(rule, lambda _: "\0")) is not None


def _replace(rule: RedirectRule, replacement: Callable[[str], str]) -> str:
    """Replace the placeholders of a destination. The longest name counts, as in the preview."""
    written = quote(rule.to, safe=WRITTEN_SAFE).replace("$", "%24")
    by_text = {
        quote(name, safe=WRITTEN_SAFE): reference for name, reference in references(rule).items()
    }
    if not by_text:
        return written
    names = "|".join(map(re.escape, sorted(by_text, key=len, reverse=True)))
    return re.sub(f":({names})", lambda found: replacement(by_text[found[1]]), written)


def _excluded(rule: RedirectRule, before: Iterable[RedirectRule]) -> str:
    earlier = earlier_rules(rule, before)
    sources = (rule_path(one.from_path, captures=False).source for one in earlier)
    return "".join(f"(?!{source.removeprefix('^')})" for source in sources)


def _begins_with_splat(rule: RedirectRule) -> bool:
    """Whether a splat with slashes at its start would make the destination another host."""
    return rule.to.startswith("/:splat")


def _route(
    rule: RedirectRule,
    path: PathExpression,
    requirements: tuple[Requirement, ...],
    find_file: FindFile,
) -> VercelRoute:
    to = substituted(rule)
    if rule.redirects:
        headers = {"Location": to, "Cache-Control": REVALIDATED}
        return VercelRoute(path.source, "", rule.status, headers, requirements, where=rule.where)
    if rule.leaves_site:
        return VercelRoute(path.source, to, 0, {}, requirements, where=rule.where)
    destination, status = _within_site(rule, to, find_file)
    return VercelRoute(path.source, destination, status, {}, requirements, where=rule.where)


def _within_site(rule: RedirectRule, to: str, find_file: FindFile) -> tuple[str, int]:
    """The destination of a rewrite, and the status unless it is that of the file."""
    if "$" in to:
        return to, 0 if rule.status == 200 else rule.status
    found = find_file(decoded_path(to))
    if found is not None:
        return file_destination(found), 0 if rule.status == 200 else rule.status
    return (NOT_FOUND if find_file(NOT_FOUND) else ""), 404


def file_destination(name: str) -> str:
    """The destination for a file of the publish folder."""
    return "/" + quote(name, safe="/!&'()*+,;=:@")


def _requirements(rule: RedirectRule, cookie: str) -> tuple[Requirement, ...]:
    return (
        *_host(rule),
        *_query(rule),
        *_country(rule),
        *_language(rule),
        *([Requirement("cookie", cookie, "^.+$")] if cookie else []),
    )


def _host(rule: RedirectRule) -> Iterator[Requirement]:
    if rule.origin is not None:
        name = rule.origin.partition("://")[2]
        yield Requirement("host", expression=f"^{re.escape(name)}$")


def _query(rule: RedirectRule) -> Iterator[Requirement]:
    """A placeholder for a value is a named group, which the destination refers to."""
    for name, value in rule.query:
        placeholder = value[1:] if value.startswith(":") else ""
        if is_group_name(placeholder):
            yield Requirement("query", name, f"^(?<{placeholder}>.*)$")
        else:
            yield Requirement("query", name, "^.*$" if placeholder else f"^{text(value)}$")


def is_group_name(name: str) -> bool:
    """Whether an expression can have a group of this name to which destinations refer."""
    return name.isascii() and name.isalpha()


def _country(rule: RedirectRule) -> Iterator[Requirement]:
    if names := "|".join(re.escape(one.upper()) for one in rule.conditions.countries):
        yield Requirement("header", COUNTRY, f"^(?:{names})$")


def _language(rule: RedirectRule) -> Iterator[Requirement]:
    """The first language of the header, of which `en` also matches `en-GB`."""
    if names := "|".join(map(_any_case, rule.conditions.languages)):
        yield Requirement("header", LANGUAGE, rf"^\s*(?:{names})(?:-[^,;]*)?\s*(?:[,;].*)?$")


def _any_case(name: str) -> str:
    return "".join(
        f"[{one.lower()}{one.upper()}]" if one.isalpha() else re.escape(one) for one in name
    )
