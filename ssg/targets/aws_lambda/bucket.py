"""Decides which files the bucket can answer for: those for which its answer is always right.

CloudFront asks the bucket first for paths with certain suffixes, and the function for all other
paths. What the bucket lacks, the function answers. So a file may be in the bucket only if

- its path has a suffix that pages do not have, and no character that S3 reads in its own way;
- no rule decides in spite of the file (a forced rule, or one for roles), and no rule answers
  another path with the file;
- the metadata of an object and the headers policy of its suffix can say its headers.

All other files are in the function.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import unquote

from ssg.model.file_types import content_type
from ssg.redirects.header_rule import HeaderRule, headers_for
from ssg.redirects.matching.rule_table import RuleTable
from ssg.redirects.matching.static_files import NOT_SERVED, candidate_files
from ssg.redirects.rule import NameValuePairs, RedirectRule
from ssg.runtime.dialects import REVALIDATED
from ssg.targets.aws_lambda.headers_policy import is_expressible

MAX_SUFFIXES = 40
"""A distribution has 75 behaviours at most."""
MAX_POLICIES = 4
"""An account has 20 headers policies at most."""

_OF_PAGES = frozenset({".html", ".htm", ".xml", ".txt", ".md"})
_SAFE_NAME = re.compile(r"[A-Za-z0-9_/-][A-Za-z0-9_./-]*(\.[A-Za-z0-9]{1,12})")
_Key = TypeVar("_Key", str, NameValuePairs)
_IN_METADATA = frozenset({"cache-control", "content-type"})


@dataclass(frozen=True, slots=True)
class BucketFile:
    """A file for the bucket, with its headers."""

    name: str
    content_type: str
    cache_control: str
    others: NameValuePairs = ()
    """The headers that its metadata cannot say."""

    @property
    def suffix(self) -> str:
        return suffix_of(self.name)


def suffix_of(name: str) -> str:
    """`.css`; empty if the bucket cannot have a file of that name."""
    found = _SAFE_NAME.fullmatch(name)
    return found[1] if found and found[1].lower() not in _OF_PAGES else ""


def bucket_files(
    names: Iterable[str], rules: Sequence[RedirectRule], headers: Sequence[HeaderRule]
) -> list[BucketFile]:
    """The files of a publish folder that go into the bucket, in the order of their names."""
    table, rewritten = RuleTable.of(filter(_decides, rules)), list(_rewritten(rules))
    free = (
        name
        for name in sorted(names)
        if suffix_of(name)
        and name not in NOT_SERVED
        and not any(table.for_path(f"/{name}"))
        and not any(name == one or (is_open and name.startswith(one)) for one, is_open in rewritten)
    )
    return _with_few_policies([one for one in _with_headers(free, headers) if one])


def _decides(rule: RedirectRule) -> bool:
    """Whether a rule can decide where there is a file."""
    return rule.force or bool(rule.conditions.roles)


def _rewritten(rules: Iterable[RedirectRule]) -> Iterator[tuple[str, bool]]:
    """The names of files that rules answer with, or how such names begin."""
    for rule in rules:
        if rule.redirects or rule.leaves_site or rule.function:
            continue
        path, mark, _ = unquote(rule.to).partition("?")[0].partition(":")
        if mark:
            yield path.removeprefix("/"), True
        else:
            yield from ((name, False) for name in candidate_files(path))


def _with_headers(names: Iterable[str], rules: Sequence[HeaderRule]) -> Iterator[BucketFile | None]:
    for name in names:
        found = headers_for(rules, f"/{name}")
        others = tuple(sorted((k, v) for k, v in found.items() if k not in _IN_METADATA))
        if is_expressible(others):
            said = found.get("content-type", content_type(name))
            yield BucketFile(name, said, found.get("cache-control", REVALIDATED), others)


def _with_few_policies(files: Sequence[BucketFile]) -> list[BucketFile]:
    """The files with the most frequent suffixes, and the most frequent other headers of each."""
    suffixes = Counter(file.suffix for file in files)
    kept = {suffix for suffix, _ in _by_frequency(suffixes)[:MAX_SUFFIXES]}
    policies = {}
    for suffix in kept:
        others = Counter(file.others for file in files if file.suffix == suffix)
        policies[suffix] = _by_frequency(others)[0][0]
    used = Counter(policies[file.suffix] for file in files if file.suffix in kept)
    usual = {others for others, _ in _by_frequency(used)[:MAX_POLICIES]}
    return [
        file
        for file in files
        if file.suffix in kept and file.others == policies[file.suffix] and file.others in usual
    ]


def _by_frequency(counts: Counter[_Key]) -> list[tuple[_Key, int]]:
    """In the same order on each machine."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
