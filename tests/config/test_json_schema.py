"""The schema says what the readers say."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ssg.config.json_schema import DESCRIPTIONS, config_schema

TESTS = Path(__file__).parents[1]
SITES = sorted((TESTS / "sites").glob("*/ssg.toml"))
INVALID = sorted((TESTS / "invalid").glob("*/ssg.toml"))
BEYOND_A_SCHEMA = {
    "host-cannot": "what the host can do, its target tells",
    "live-drafts": "what the host can do, its target tells",
    "live-host-cannot": "what the host can do, its target tells",
    "live-routes": "which templates and queries there are, the folders tell",
    "live-static": "what the host can do, its target tells",
    "ttl-too-short": "how short it may be, the host tells",
    "config-missing-theme": "which themes there are, the folder tells",
    "config-output-in-content": "what a path means, the folder tells",
    "language-menu": "which pages there are, the content tells",
}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return config_schema()


def _refused(schema: dict[str, Any], values: Any) -> list[str]:
    validator = jsonschema.Draft202012Validator(schema)
    return [error.json_path for error in validator.iter_errors(values)]


def test_it_is_a_schema(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False


def _keys(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    below = schema.get("items", schema)
    other = below.get("additionalProperties")
    own = {**below.get("properties", {}), **({"*": other} if isinstance(other, dict) else {})}
    for key, one in own.items():
        yield path + key, one
        yield from _keys(one, f"{path}{key}.")


def test_every_key_tells_what_it_means(schema: dict[str, Any]) -> None:
    keys = dict(_keys(schema))
    assert len(keys) > 100
    assert [key for key, one in keys.items() if not one.get("description")] == []
    assert set(tomllib.loads(DESCRIPTIONS.read_text("utf-8"))) <= set(keys)


def test_what_a_language_says_anew_means_what_it_does_elsewhere(schema: dict[str, Any]) -> None:
    keys = dict(_keys(schema))
    own, of_the_site = (keys[key]["description"] for key in ("languages.*.feed.rss", "feed.rss"))
    assert own == of_the_site
    assert keys["languages.*.name"]["description"] != keys["menus.*.name"]["description"]


def test_what_hangs_on_the_name_of_a_table_has_no_default(schema: dict[str, Any]) -> None:
    language = dict(_keys(schema))["languages.*"]["properties"]
    assert [key for key in ("name", "path") if "default" in language[key]] == []
    assert _refused(schema, {"languages": {"fr": {"path": "francais", "name": "Français"}}}) == []


@pytest.mark.parametrize("file", SITES, ids=lambda file: file.parent.name)
def test_configurations_that_work_are_accepted(schema: dict[str, Any], file: Path) -> None:
    assert _refused(schema, tomllib.loads(file.read_text("utf-8"))) == []


def test_the_configuration_of_this_repository_is_accepted(schema: dict[str, Any]) -> None:
    values = tomllib.loads((TESTS.parent / "pyproject.toml").read_text("utf-8"))
    assert _refused(schema, values["tool"]["ssg"]) == []


def _in_the_configuration(file: Path) -> bool:
    """Whether the fixture is wrong there, and can be read as TOML at all."""
    lines = (file.parent / "error.txt").read_text("utf-8").splitlines()
    own = [line for line in lines if line.startswith("ssg.toml")]
    return bool(own) and ": TOML: " not in own[0]


@pytest.mark.parametrize(
    "file",
    [file for file in INVALID if _in_the_configuration(file)],
    ids=lambda file: file.parent.name,
)
def test_configurations_with_mistakes_are_refused(schema: dict[str, Any], file: Path) -> None:
    refused = _refused(schema, tomllib.loads(file.read_text("utf-8")))
    assert bool(refused) != (file.parent.name in BEYOND_A_SCHEMA)


def test_what_is_beyond_a_schema_is_still_there() -> None:
    assert set(BEYOND_A_SCHEMA) <= {file.parent.name for file in INVALID}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("titel = 1", "$"),
        ("title = 1", "$.title"),
        ("feed = {limit = 0}", "$.feed.limit"),
        ("markdown = {highlight = 1}", "$.markdown.highlight"),
        ("target = {name = 'netlfy'}", "$.target.name"),
        ("target = {function = 'a b'}", "$.target.function"),
        ("deferred = {ttl = 0}", "$.deferred.ttl"),
        ("deferred = {ttl = '1 hour'}", "$.deferred.ttl"),
        ("deferred = {stale = -1}", "$.deferred.stale"),
        ("deferred = {cache_tags = {}}", "$.deferred.cache_tags"),
        ("target = {kind = 'lambda'}", "$.target.kind"),
        ("deferred = {rules = [{match = 'a'}, {match = 'b', older_than = '3 months'}]}",
         "$.deferred.rules[1].older_than"),
        ("deferred = {rules = {}}", "$.deferred.rules"),
        ("taxonomies = {tags = {sort_by = 'age'}}", "$.taxonomies.tags.sort_by"),
        ("taxonomies = {tags = {feeds = true}}", "$.taxonomies.tags"),
        ("collections = {blog = {fields = {rank = {type = 'integr'}}}}",
         "$.collections.blog.fields.rank.type"),
        ("menus = {main = [{nam = 'x', url = '/'}]}", "$.menus.main[0]"),
        ("permalinks = {blog = 1}", "$.permalinks.blog"),
        ("plugins = [true]", "$.plugins"),
        ("link_checker = {concurrency = 0}", "$.link_checker.concurrency"),
    ],
)  # fmt: skip
def test_a_slip_is_refused_in_its_place(schema: dict[str, Any], text: str, path: str) -> None:
    assert _refused(schema, tomllib.loads(text)) == [path]


@pytest.mark.parametrize(
    "text",
    [
        "plugins = 'a, b'", "extra = {anything = [{goes = 1}]}", "permalinks = {blog = '/:slug/'}",
        "taxonomies = {}", "menus = {main = [{name = 'x', url = '/', weight = -1}]}",
        "deferred = {rules = [{kind = 'term', older_than = '1y'}]}",
    ],
)  # fmt: skip
def test_what_is_right_is_accepted(schema: dict[str, Any], text: str) -> None:
    assert _refused(schema, tomllib.loads(text)) == []
