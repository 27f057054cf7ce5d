"""Read a `_redirects` file.

    from [name=value ...] [to] [status[!]] [Condition=value,value ...]   # comment

Source: https://docs.netlify.com/manage/routing/redirects/overview/
(syntax for the `_redirects` file).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ssg.model.errors import Location, Problem
from ssg.redirects.formats.draft import CONDITIONS, Draft, Parsed, to_rule
from ssg.redirects.rule import Rule, is_url

STATUS = re.compile(r"([0-9]+)(!?)")
SIGNED = frozenset({"Sign", "signed"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a line, and where it begins."""

    text: str
    where: Location

    @property
    def is_target(self) -> bool:
        """Whether it looks like the `to` of a rule."""
        return self.text.startswith("/") or is_url(self.text)

    @property
    def is_status(self) -> bool:
        """Whether it looks like the status of a rule."""
        return STATUS.fullmatch(self.text) is not None


def parse_redirects(text: str, path: str = "_redirects") -> Parsed:
    """Read every rule of a `_redirects` file. A line that is no rule becomes problems instead."""
    rules: list[Rule] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        words = _words(line, path, number)
        result = _parse_line(words) if words else []
        if isinstance(result, Rule):
            rules.append(result)
        else:
            problems += result
    return Parsed(tuple(rules), tuple(problems))


def _words(line: str, path: str, number: int) -> list[Word]:
    words: list[Word] = []
    for found in re.finditer(r"\S+", line):
        if found[0].startswith("#"):
            break
        words.append(Word(found[0], Location(path, number, found.start() + 1)))
    return words


def _parse_line(words: list[Word]) -> Rule | list[Problem]:
    source, rest = words[0], words[1:]
    at = next((index for index, word in enumerate(rest) if word.is_target), None)
    if at is None and not (rest and rest[0].is_status):
        return [_no_target(source, rest)]
    to = None if at is None or rest[0].is_status else rest[at]
    before = rest[:at] if to else []
    after = rest[(at or 0) + 1 :] if to else rest
    return _assemble(source, before, to, after)


def _no_target(source: Word, rest: list[Word]) -> Problem:
    if not rest:
        hint = "Write where it leads after it: /old /new"
        return Problem(f'"{source.text}" leads nowhere', source.where, hint)
    hint = "A target begins with /, http:// or https://"
    return Problem(f'there is no target after "{source.text}"', rest[0].where, hint)


def _assemble(
    source: Word, before: list[Word], to: Word | None, after: list[Word]
) -> Rule | list[Problem]:
    status, force, conditions, problems = _after_target(after)
    query, query_problems = _pairs(before, "query parameter", "id=:id")
    pairs, pair_problems = _pairs(conditions, "condition", "Country=us,ca")
    signed = next((value for name, value in pairs if name in SIGNED), None)
    places = {"from": source.where, **{word.text.split("=")[0]: word.where for word in conditions}}
    places |= {"to": to.where if to else source.where}
    places |= {"status": after[0].where} if after else {}
    result = to_rule(
        Draft(
            source=source.text,
            where=source.where,
            to=to.text if to else None,
            status=status,
            force=force,
            query=tuple(query),
            conditions={name: _values(name, v) for name, v in pairs if name not in SIGNED},
            signed=signed,
            places=places,
        )
    )
    problems = [*query_problems, *problems, *pair_problems]
    if isinstance(result, Rule):
        return problems or result
    return sorted([*problems, *result], key=_column)


def _after_target(words: list[Word]) -> tuple[int, bool, list[Word], list[Problem]]:
    """Split what follows the target into status, force and the words of conditions."""
    if not words:
        return 301, False, [], []
    found = STATUS.fullmatch(words[0].text)
    if found:
        return int(found[1][:9]), bool(found[2]), words[1:], []
    hint = "After the target comes a status, and conditions after that: /from /to 302 Country=us"
    problem = Problem(f'"{words[0].text}" is not a status', words[0].where, hint)
    return 301, False, [word for word in words[1:] if not word.is_status], [problem]


def _pairs(
    words: Iterable[Word], what: str, example: str
) -> tuple[list[tuple[str, str]], list[Problem]]:
    pairs: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for word in words:
        name, equals, value = word.text.partition("=")
        if not name or not equals or "=" in value:
            message = f'"{word.text}" is not a {what}'
            problems.append(Problem(message, word.where, f"Write it as {example}"))
        elif any(name == known for known, _ in pairs):
            problems.append(Problem(f'the {what} "{name}" stands twice', word.where))
        else:
            pairs.append((name, value))
    return pairs, problems


def _values(name: str, text: str) -> tuple[str, ...]:
    is_list = name.capitalize() in CONDITIONS
    return tuple(text.split(",")) if is_list else (text,)


def _column(problem: Problem) -> int:
    return (problem.where.column or 0) if problem.where else 0
