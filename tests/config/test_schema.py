"""Keys: types, defaults, bounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssg.config.load import load
from ssg.model.errors import ConfigError
from ssg.model.settings import DeferRule, Settings
from tests.conftest import write


def _settings(root: Path, text: str) -> Settings:
    write(root, {"ssg.toml": text})
    return load(root, environment={}).settings


@pytest.mark.parametrize(
    ("text", "days"), [("10d", 10), ("2w", 14), ("3m", 90), ("1y", 365), ("0d", 0)]
)
def test_an_age_is_a_number_of_days(tmp_path: Path, text: str, days: int) -> None:
    rule = f'[[deferred.rules]]\nkind = "page"\nolder_than = "{text}"\n'
    assert _settings(tmp_path, rule).deferred.rules[0].older_than_days == days


def test_a_rule_for_images_has_a_glob_and_a_decision(tmp_path: Path) -> None:
    rule = '[[deferred.rules]]\nmatch = "a/**"\nkind = "image"\ndeferred = false\n'
    assert _settings(tmp_path, rule).deferred.rules[0].kind == "image"
    with pytest.raises(ConfigError) as raised:
        _settings(tmp_path, f"{rule}ttl = 60\nkeep_newest = 1\n")
    assert [str(problem) for problem in raised.value.problems] == [
        f'ssg.toml:{line}:1: "{key}" has no meaning in a rule with kind = "image". '
        'Such a rule has "match" and "deferred"'
        for line, key in [(6, "keep_newest"), (5, "ttl")]
    ]


def test_a_rule_has_defaults(tmp_path: Path) -> None:
    settings = _settings(tmp_path, '[[deferred.rules]]\nmatch = "a"\n')
    assert settings.deferred.rules == (DeferRule(match="a"),)


def test_taxonomies_of_the_file_replace_the_usual_ones(tmp_path: Path) -> None:
    settings = _settings(tmp_path, "[taxonomies.series]\npaginate_by = 3\n")
    assert {n: t.paginate_by for n, t in settings.site.taxonomies.items()} == {"series": 3}
    assert dict(_settings(tmp_path, "[taxonomies]\n").site.taxonomies) == {}


@pytest.mark.parametrize(
    "url", ["", "/", "example.org", "ftp://x.org", "https://", "https://x.org/?a=1", "https://x#y"]
)
def test_a_base_url_must_be_one(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match="is not the URL of a site"):
        _settings(tmp_path, f'base_url = "{url}"')


def test_a_base_url_gets_its_last_slash(tmp_path: Path) -> None:
    assert _settings(tmp_path, 'base_url = "https://x.org/a"').site.base_url == "https://x.org/a/"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (".", "contains the site itself"),
        ("", "contains the site itself"),
        ("..", "contains the site itself"),
        ("/", "contains the site itself"),
        ("content", "is inside content/"),
        ("content/public", "is inside content/"),
        ("x/../static/out", "is inside static/"),
        (".ssg", "is inside .ssg/"),
        (".git/public", "is inside .git/"),
    ],
)
def test_an_output_folder_may_not_eat_the_site(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        _settings(tmp_path, f'output_dir = "{text}"')


def test_nor_may_it_through_a_link(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "content").symlink_to(elsewhere)
    with pytest.raises(ConfigError, match="is inside content/"):
        _settings(tmp_path, 'output_dir = "elsewhere/public"')


@pytest.mark.parametrize("text", ["public", "dist/site", "../beside", "contents"])
def test_any_other_output_folder_will_do(tmp_path: Path, text: str) -> None:
    root = tmp_path / "site"
    root.mkdir()
    assert _settings(root, f'output_dir = "{text}"').output_dir == text


@pytest.mark.parametrize("name", ["a/b.xml", "..", "feed", "", "../x.xml"])
def test_a_feed_needs_the_name_of_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="is not a file name"):
        _settings(tmp_path, f'[feed]\nfilename = "{name}"')


@pytest.mark.parametrize("name", ["", "a/b", "a b", "x" * 65, "../x", "ü"])
def test_a_function_needs_a_plain_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="is not a function name"):
        _settings(tmp_path, f'[target]\nfunction = "{name}"')


@pytest.mark.parametrize("name", ["../x", "/etc", "a/b"])
def test_a_theme_is_found_on_the_shelves_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / "x" / "templates").mkdir(parents=True)
    (tmp_path / "themes").mkdir()
    with pytest.raises(ConfigError, match="unknown theme"):
        _settings(tmp_path, f'theme = "{name}"')


@pytest.mark.parametrize("name", ["Nowhere/City", "../../etc/passwd", "/etc/passwd", "", "\\u0000"])
def test_an_unknown_time_zone_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="unknown time zone"):
        _settings(tmp_path, f'timezone = "{name}"')


@pytest.mark.parametrize(
    "key", ["ttl = true", "ttl = 60.0", 'ttl = "soon"', "ttl = 99999999999999", 'ttl = "9999999w"']
)
def test_a_number_is_a_number_of_a_sane_size(tmp_path: Path, key: str) -> None:
    with pytest.raises(ConfigError, match='"ttl"'):
        _settings(tmp_path, f"[deferred]\n{key}")


@pytest.mark.parametrize(
    "text",
    [
        "markdown = 1", "feed = []", "deferred = true", "target = 'netlify'", "extra = 'x'",
        "taxonomies = ['tags']", "deferred.rules = {}", "deferred.rules = ['x']",
        "taxonomies.tags = 1",
    ],
)  # fmt: skip
def test_a_table_must_be_a_table(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match="must be a"):
        _settings(tmp_path, text)
