"""Which options decide whether there is anything to build."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields, replace
from pathlib import Path

import pytest

from ssg.build.incremental.up_to_date import BuildFingerprint
from ssg.build.options import BuildOptions
from ssg.content.source.publication import IncludeOptions
from ssg.fingerprint.tag_table.changes import EarlierTable
from ssg.sources.environment import SiteEnvironment
from tests.conftest import NOW

SAME_RESULT = {
    "now": NOW + dt.timedelta(hours=1),
    "no_cache": True,
    "fingerprint": BuildFingerprint("", ""),
    "profile": True,
    "since": EarlierTable("live"),
    "processes": 1,
    "replay": Path("recorded"),
    "environment": SiteEnvironment({"A": "b"}),
}
OTHER_RESULT = {
    "include": IncludeOptions(drafts=True),
    "strict": True,
    "package": False,
    "asks_sources": False,
}


@dataclass(frozen=True, slots=True)
class _WithNewOption(BuildOptions):
    minify: bool = False


def test_a_new_option_counts() -> None:
    assert _WithNewOption(NOW).key != _WithNewOption(NOW, minify=True).key


@pytest.mark.parametrize(("name", "value"), OTHER_RESULT.items())
def test_what_changes_the_result_counts(name: str, value: object) -> None:
    options = BuildOptions(NOW)
    assert replace(options, **{name: value}).key != options.key


@pytest.mark.parametrize(("name", "value"), SAME_RESULT.items())
def test_what_does_not_change_the_result_does_not_count(name: str, value: object) -> None:
    options = BuildOptions(NOW)
    assert replace(options, **{name: value}).key == options.key


def test_every_option_is_named_here() -> None:
    assert {one.name for one in fields(BuildOptions)} == {*SAME_RESULT, *OTHER_RESULT, "session"}


def test_a_variable_that_pages_show_counts() -> None:
    options = BuildOptions(NOW, environment=SiteEnvironment({"A": "1", "KEY": "2"}, ["A"]))
    assert replace(options, environment=SiteEnvironment({"A": "2"}, ["A"])).key != options.key
    assert "KEY" not in options.key
