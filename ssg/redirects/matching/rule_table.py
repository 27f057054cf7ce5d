"""Rules, indexed: finding those for a path does not take a look at each."""

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
    """Rules in their order, found by path: the plain ones by a look-up, the others one by one."""

    rules: tuple[RedirectRule, ...]
    plain: dict[str, list[NumberedRule]]
    open: tuple[tuple[PathPattern, NumberedRule], ...]

    @classmethod
    def of(cls, rules: Iterable[RedirectRule]) -> RuleTable:
        """Index `rules`; a table stays the table that it is."""
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
        return cls(ordered, plain, tuple(open_rules))

    def __iter__(self) -> Iterator[RedirectRule]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)

    def for_path(self, path: str) -> Iterator[RedirectRule]:
        """The rules whose path matches a decoded URL path, in order. Conditions are not asked."""
        plain = self.plain.get(path.removesuffix("/"), [])
        matching = (entry for pattern, entry in self.open if pattern.matches(path))
        entries = merge(plain, matching, key=itemgetter(0)) if plain else matching
        return (rule for _, rule in entries)
