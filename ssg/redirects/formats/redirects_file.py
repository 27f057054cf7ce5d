"""Read and write `_redirects` files.

    from [name=value ...] [to] [status[!]] [Condition=value,value ...]   # comment

Source: https://docs.netlify.com/manage/routing/redirects/overview/
(syntax for the `_redirects` file).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ssg.model.errors import Location, Problem, TargetError
from ssg.redirects.formats.raw_rule import CONDITION_FIELDS, ParsedRedirects, RawRule, to_rule
from ssg.redirects.rule import RedirectRule, is_url

STATUS = re.compile(r"([0-9]+)(!?)")
SIGNED = ("signed", "Sign")
"""The names of a signature; the first wins."""


@dataclass(frozen=True, slots=True)
class LocatedWord:
    """A word of a line, and its place."""

    text: str
    where: Location

    @property
    def is_destination(self) -> bool:
        """Whether the word looks like a destination."""
        return self.text.startswith("/") or is_url(self.text)

    @property
    def is_status(self) -> bool:
        """Whether the word looks like a status."""
        return STATUS.fullmatch(self.text) is not None


def parse_redirects(text: str, path: str = "_redirects") -> ParsedRedirects:
    """Read the rules of a `_redirects` file. Lines that are not rules become problems."""
    rules: list[RedirectRule] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        words = _words(line, path, number)
        result = _parse_line(words) if words else []
        if isinstance(result, RedirectRule):
            rules.append(result)
        else:
            problems += result
    return ParsedRedirects(tuple(rules), tuple(problems))


def write_redirects(rules: Iterable[RedirectRule]) -> str:
    """Write each rule on a line. Raises TargetError if the format cannot express a rule."""
    ordered = list(rules)
    problems = [problem for rule in ordered for problem in _unwritable(rule)]
    if problems:
        raise TargetError(problems)
    return "".join(" ".join(_written_words(rule)) + "\n" for rule in ordered)


def _words(line: str, path: str, number: int) -> list[LocatedWord]:
    words: list[LocatedWord] = []
    for found in re.finditer(r"\S+", line):
        if found[0].startswith("#"):
            break
        words.append(LocatedWord(found[0], Location(path, number, found.start() + 1)))
    return words


def _parse_line(words: list[LocatedWord]) -> RedirectRule | list[Problem]:
    source, rest = words[0], words[1:]
    at = next((index for index, word in enumerate(rest) if word.is_destination), None)
    if at is None and not (rest and rest[0].is_status):
        return [_no_destination(source, rest)]
    to = None if at is None or rest[0].is_status else rest[at]
    before = rest[:at] if to else []
    after = rest[(at or 0) + 1 :] if to else rest
    return _assemble(source, before, to, after)


def _no_destination(source: LocatedWord, rest: list[LocatedWord]) -> Problem:
    if not rest:
        hint = "Write the destination after it: /old /new"
        return Problem(f'"{source.text}" has no destination', source.where, hint)
    hint = "A destination begins with /, http:// or https://"
    return Problem(f'no destination follows "{source.text}"', rest[0].where, hint)


def _assemble(
    source: LocatedWord, before: list[LocatedWord], to: LocatedWord | None, after: list[LocatedWord]
) -> RedirectRule | list[Problem]:
    status, force, conditions, problems = _after_destination(after)
    query, query_problems = _pairs(before, "query parameter", "id=:id")
    pairs, pair_problems = _pairs(conditions, "condition", "Country=us,ca")
    signed = next((dict(pairs)[name] for name in SIGNED if name in dict(pairs)), None)
    places = {"from": source.where, **{word.text.split("=")[0]: word.where for word in conditions}}
    places |= {"to": to.where if to else source.where}
    places |= {"status": after[0].where} if after else {}
    result = to_rule(
        RawRule(
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
    if isinstance(result, RedirectRule):
        return problems or result
    return sorted([*problems, *result], key=_column)


def _after_destination(
    words: list[LocatedWord],
) -> tuple[int | None, bool, list[LocatedWord], list[Problem]]:
    """Split the words after the destination into status, force and words of conditions."""
    if not words:
        return None, False, [], []
    found = STATUS.fullmatch(words[0].text)
    if found:
        return int(found[1][:9]), bool(found[2]), words[1:], []
    hint = "A status follows the destination, then conditions: /from /to 302 Country=us"
    problem = Problem(f'"{words[0].text}" is not a status', words[0].where, hint)
    return None, False, [word for word in words[1:] if not word.is_status], [problem]


def _pairs(
    words: Iterable[LocatedWord], what: str, example: str
) -> tuple[list[tuple[str, str]], list[Problem]]:
    pairs: dict[str, str] = {}
    problems: list[Problem] = []
    for word in words:
        name, equals, value = word.text.partition("=")
        if not name or not equals or "=" in value:
            message = f'"{word.text}" is not a {what}'
            problems.append(Problem(message, word.where, f"Write it as {example}"))
        elif name in pairs:
            problems.append(Problem(f'the {what} "{name}" occurs twice', word.where))
        else:
            pairs[name] = value
    return list(pairs.items()), problems


def _values(name: str, text: str) -> tuple[str, ...]:
    is_list = name.capitalize() in CONDITION_FIELDS
    return tuple(text.split(",")) if is_list else (text,)


def _column(problem: Problem) -> int:
    return (problem.where.column or 0) if problem.where else 0


def _written_words(rule: RedirectRule) -> Iterator[str]:
    yield (rule.origin or "") + rule.from_path
    yield from (f"{name}={value}" for name, value in rule.query)
    yield rule.to
    yield f"{rule.status}{'!' * rule.force}"
    for name, field in CONDITION_FIELDS.items():
        if values := getattr(rule.conditions, field):
            yield f"{name}={','.join(values)}"
    if rule.signed is not None:
        yield f"Sign={rule.signed}"


def _unwritable(rule: RedirectRule) -> Iterator[Problem]:
    hint = "Keep this rule in netlify.toml"
    if rule.headers:
        yield Problem(f"`{rule}` has headers, which `_redirects` cannot express", rule.where, hint)
    conditions = [getattr(rule.conditions, field) for field in CONDITION_FIELDS.values()]
    parts = [*(part for pair in rule.query for part in pair), *(v for vs in conditions for v in vs)]
    paths = [rule.from_path, rule.to, rule.signed or ""]
    if any(re.search(r"[\s=,]", part) for part in parts) or re.search(r"\s", "".join(paths)):
        hint = "Percent-encode it, or keep this rule in netlify.toml"
        message = (
            f"`{rule}` contains a space, comma or equals sign, which `_redirects` cannot express"
        )
        yield Problem(message, rule.where, hint)
