"""`ssg config`."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.cli.conftest import Ran

Ssg = Callable[..., Ran]


def test_every_setting_is_listed_with_where_it_is_from(ssg: Ssg) -> None:
    ran = ssg("config", "-b", "https://x.example/")
    lines = [line.split() for line in ran.out.splitlines()]
    assert lines[0] == ["key", "value", "from"]
    assert ["theme", '""', "ssg.toml:1"] in lines
    assert ["base_url", '"https://x.example/"', "--base-url"] in lines
    assert ["deferred.ttl", "-", "default"] in lines


def test_one_key_is_its_value_alone(ssg: Ssg) -> None:
    assert ssg("config", "base_url").out == "https://example.org/\n"
    assert ssg("config", "feed.limit").out == "20\n"
    assert ssg("config", "feed.enabled").out == "true\n"
    assert ssg("config", "deferred.ttl").out == "\n"
    assert ssg("config", "assets.fingerprint").out == '["**/*.css", "**/*.js"]\n'


def test_a_table_is_all_its_keys(ssg: Ssg) -> None:
    assert [line.split()[0] for line in ssg("config", "outputs").out.splitlines()] == [
        "key", "outputs.llms", "outputs.markdown", "outputs.robots",
    ]  # fmt: skip


def test_json_has_values_and_origins(ssg: Ssg) -> None:
    found = json.loads(ssg("config", "--json").out)
    assert found["theme"] == {"value": "", "origin": "ssg.toml:1"}
    assert json.loads(ssg("config", "deferred.ttl", "--json").out) == {
        "deferred.ttl": {"value": None, "origin": "default"}
    }


def test_an_unknown_key_is_an_error(ssg: Ssg) -> None:
    ran = ssg("config", "titel")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == 'error: unknown key "titel". Did you mean "title"?\n'


def test_the_schema_needs_no_site(ssg: Ssg) -> None:
    ran = ssg("config", "--schema", files={"ssg.toml": "nonsense"})
    assert ran.status == 0
    assert json.loads(ran.out)["properties"]["title"]["type"] == "string"
