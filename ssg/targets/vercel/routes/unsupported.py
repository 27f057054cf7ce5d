"""What the routes of Vercel cannot do: rules whose answers would be wrong, and those to look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ssg.model.errors import Problem
from ssg.redirects.header_rule import HeaderRule
from ssg.redirects.rule import RedirectRule
from ssg.targets.vercel.routes.rule_routes import (
    earlier_rules,
    is_group_name,
    references,
    runs_on,
    substituted,
    uses,
)

_REFERENCE = re.compile(r"\$[0-9A-Za-z]+")


def wrong_rules(rules: Iterable[RedirectRule]) -> Iterator[Problem]:
    """Report each redirect rule that would be answered in another way than the site asks for."""
    before: list[RedirectRule] = []
    for rule in rules:
        for message, hint in (*_wrong(rule), *_wrong_order(rule, before)):
            yield Problem(f"Vercel cannot follow `{rule}`: {message}", rule.where, hint)
        if not rule.force:
            before.append(rule)


def doubtful_rules(rules: Iterable[RedirectRule]) -> Iterator[Problem]:
    """Warn of values of a request in a destination that Vercel may encode in another way."""
    for rule in rules:
        in_query = _REFERENCE.search(substituted(rule).partition("?")[2])
        if in_query or any(map(_is_named, uses(rule))):
            message = f"Vercel does not say how it encodes the values in `{rule}`"
            yield Problem(message, rule.where, "Try it with a value like `a&b`, after a deploy")


def wrong_headers(rules: Iterable[HeaderRule]) -> Iterator[Problem]:
    """Report each header rule that would have another effect."""
    for rule in rules:
        if rule.asks_password:
            message = f"Vercel has no passwords in headers: anyone could read {rule.for_path}"
            hint = "Protect the deploy in Vercel's interface: Settings, Deployment Protection"
            yield Problem(message, rule.where, hint)
        for name, value in rule.sent:
            if _REFERENCE.search(value):
                message = f'Vercel would replace "$" in the value of "{name.title()}"'
                yield Problem(message, rule.where, "Write the value without $")


def _wrong(rule: RedirectRule) -> Iterator[tuple[str, str]]:
    if rule.conditions.roles:
        yield "it knows no roles of visitors", "Protect these pages with Vercel's own means"
    if rule.signed is not None:
        yield "it does not sign requests", "Remove Sign"
    if rule.function is not None:
        yield "there is no such function", "Deferred pages reach the function without a rule"
    if 300 <= rule.status < 400 and not rule.redirects:
        yield f"status {rule.status} is not one of a redirect", "Use 301, 302, 303, 307 or 308"
    if rule.leaves_site and not rule.redirects and rule.status != 200:
        yield "another server sends its own status", "Write 200"
    yield from _wrong_references(rule)


def _wrong_references(rule: RedirectRule) -> Iterator[tuple[str, str]]:
    if runs_on(rule):
        yield "a letter or a digit follows a placeholder", "Write / or - after it"
    for name, reference in references(rule).items():
        if _is_named(reference) and reference in uses(rule) and not is_group_name(name):
            yield f'":{name}" has other characters than letters', "Name it with letters: id=:id"


def _wrong_order(rule: RedirectRule, before: Iterable[RedirectRule]) -> Iterator[tuple[str, str]]:
    """A forced rule after one that is not forced, and that is for some visitors only."""
    if not rule.force:
        return
    for one in earlier_rules(rule, before):
        if not one.is_unconditional:
            yield f"`{one}` comes first, for some requests only", "Move the forced rule up"
            return


def _is_named(reference: str) -> bool:
    return not reference[1:].isdigit()
