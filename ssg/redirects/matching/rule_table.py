"""An index of rules by path.

A site may have thousands of rules, and each request and each deferred page asks for those that
match its path. Most rules have a plain path (`/old/page`), without placeholders or a splat. The
table keeps them in a dictionary by their path without a trailing slash, so that one look-up finds
them, however many there are. The other rules (`/blog/*`, `/:year/x`) are few; the table tries each
pattern. Both results carry the numbers of their rules and are merged by them, so that the caller
gets the rules in the order in which the host reads them (rule 18).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from operator import itemgetter

from ssg.redirects.matching.pattern import PathPattern, compile_path
from ssg.redirects.rule import RedirectRule

NumberedRule = tuple[int, RedirectRule]


@dataclass(frozen=True, slots=True)
class RuleTable:
    """Rules in their order, indexed by path."""

    rules: tuple[RedirectRule, ...]
    plain: dict[str, list[NumberedRule]]
    """Rules that match one path only, by that path without a trailing slash."""
    open: tuple[tuple[PathPattern, NumberedRule], ...]
    """All other rules."""
    has_conditions: bool
    """Whether a rule depends on more of a request than its path and its query."""
    has_visitor_rules: bool
    """Whether a rule depends on more of a request than its path and its host."""

    @classmethod
    def of(cls, rules: Iterable[RedirectRule]) -> RuleTable:
        """Index `rules`. A table is returned as it is."""
        if isinstance(rules, RuleTable):
            return rules
        ordered = tuple(rules)
        plain: dict[str, list[NumberedRule]] = {}
        open_rules: list[tuple[PathPattern, NumberedRule]] = []
        for entry in enumerate(ordered):
            pattern = compile_path(entry[1].from_path)
            if pattern.literal is None:
                open_rules.append((pattern, entry))
            else:
                plain.setdefault(pattern.literal, []).append(entry)
        has_conditions = any(rule.conditions or rule.origin for rule in ordered)
        has_visitor_rules = any(map(_depends_on_visitor, ordered))
        return cls(ordered, plain, tuple(open_rules), has_conditions, has_visitor_rules)

    def __iter__(self) -> Iterator[RedirectRule]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)

    def for_path(self, path: str) -> Iterator[RedirectRule]:
        """The rules that match a decoded URL path, in order, whatever their conditions."""
        plain = self.plain.get(path.removesuffix("/"), [])
        matching = (entry for pattern, entry in self.open if pattern.matches(path))
        entries = merge(plain, matching, key=itemgetter(0)) if plain else matching
        return (rule for _, rule in entries)

    def depends_on_visitor(self, path: str) -> bool:
        """Whether visitors of one decoded path and host may get different answers: a rule asks for
        a query, cookie, country, language or role before one that decides for everybody."""
        if not self.has_visitor_rules:
            return False
        for rule in self.for_path(path):
            if _depends_on_visitor(rule):
                return True
            if rule.origin is None:
                return False
        return False


def _depends_on_visitor(rule: RedirectRule) -> bool:
    return bool(rule.conditions or rule.query)
