"""The table of fronts."""

from __future__ import annotations

from pkgutil import resolve_name

import pytest

from ssg.config.target_registry import TARGETS
from ssg.model.errors import PurgeError
from ssg.runtime.dialects import DIALECTS
from ssg.targets.fronts.fronts import FRONTS
from ssg.targets.fronts.soft_purge import is_soft


def test_each_front_has_a_dialect_and_a_name_of_its_own() -> None:
    assert {front.dialect for front in FRONTS.values()} <= DIALECTS.keys()
    assert FRONTS.keys().isdisjoint(TARGETS)
    assert all(name == front.name for name, front in FRONTS.items())


def test_purgers_are_where_the_table_says() -> None:
    classes = {name: one.purger_class for name, one in FRONTS.items() if one.purger_class}
    assert {name: resolve_name(where).host.lower() for name, where in classes.items()} == {
        name: name for name in classes
    }
    assert FRONTS["nginx"].purger({}, print) is None


@pytest.mark.parametrize(("text", "soft"), [("", False), ("0", False), ("1", True), (" 1 ", True)])
def test_the_environment_chooses_soft_purges(text: str, soft: bool) -> None:
    assert is_soft({"SSG_SOFT_PURGE": text}) is soft
    assert is_soft({}) is False


def test_another_value_is_an_error() -> None:
    with pytest.raises(PurgeError, match="SSG_SOFT_PURGE is neither 1 nor 0"):
        is_soft({"SSG_SOFT_PURGE": "yes"})
