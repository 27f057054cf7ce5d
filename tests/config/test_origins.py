"""Where every setting is from."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssg.config.origins import Setting, chosen, explain_settings
from ssg.model.errors import ConfigError
from tests.conftest import write

FILES = {
    "ssg.toml": 'title = "One"\ntheme = "t"\n\n[markdown]\ntoc_depth = 2\n\n[extra]\nb = 1\n'
    '[[deferred.rules]]\nkind = "term"\n[[deferred.rules]]\nmatch = "blog/**"\nttl = "1m"\n'
    "cache_tags = 'a, b'\n",
    "themes/t/theme.toml": 'name = "T"\n[extra]\na = "x"\nb = 2\n[extra.in]\nc = [1]\n',
}


def _all(root: Path, **more: dict[object, str]) -> dict[str, tuple[object, str]]:
    write(root, FILES)
    settings = explain_settings(root, environment={}, **more)  # type: ignore[arg-type]
    return {one.key: (one.value, one.origin) for one in settings}


def test_each_setting_names_its_line(tmp_path: Path) -> None:
    found = _all(tmp_path)
    assert found["title"] == ("One", "ssg.toml:1")
    assert found["markdown.toc_depth"] == (2, "ssg.toml:5")
    assert found["markdown.highlight"] == (True, "default")
    assert found["deferred.rules.1.kind"] == ("term", "ssg.toml:10")
    assert found["deferred.rules.2.ttl"] == (60, "ssg.toml:13")
    assert found["deferred.rules.2.keep_newest"] == (0, "default")
    assert found["deferred.rules.2.cache_tags"] == (["a", "b"], "ssg.toml:14")
    assert found["deferred.ttl"] == (None, "default")


def test_what_a_theme_says_is_below_what_the_site_says(tmp_path: Path) -> None:
    found = _all(tmp_path)
    assert found["extra.a"] == ("x", "themes/t/theme.toml:3")
    assert found["extra.b"] == (1, "ssg.toml:8")
    assert found["extra.in.c"] == ([1], "themes/t/theme.toml:6")
    assert "extra" not in found


def test_variables_and_options_lie_over_the_file(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    overrides = {("target", "name"): "netlify"}
    settings = explain_settings(tmp_path, None, overrides, {"SSG_TITLE": "Two"})
    found = {one.key: (one.value, one.origin) for one in settings}
    assert found["title"] == ("Two", "SSG_TITLE")
    assert found["target.name"] == ("netlify", "--target")


def test_tables_of_the_users_own_have_their_defaults(tmp_path: Path) -> None:
    found = _all(tmp_path)
    assert found["taxonomies.tags.sort_by"] == ("name", "default")
    (tmp_path / "ssg.toml").write_text('theme = ""\n[taxonomies.places]\nfeed = true\n')
    found = {one.key: (one.value, one.origin) for one in explain_settings(tmp_path, environment={})}
    assert found["taxonomies.places.feed"] == (True, "ssg.toml:3")
    assert found["taxonomies.places.paginate_path"] == ("page", "default")
    assert not [key for key in found if key.startswith("taxonomies.tags")]


def test_the_settings_of_a_pyproject_have_its_lines(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": '[project]\nname = "x"\n[tool.ssg]\ntheme = ""\n'})
    (setting,) = chosen(explain_settings(tmp_path, environment={}), "theme")
    assert setting == Setting("theme", "", "pyproject.toml:4")


def test_a_table_is_chosen_with_all_its_keys(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    settings = explain_settings(tmp_path, environment={})
    keys = {one.key.rpartition(".")[0] for one in chosen(settings, "deferred.rules.2")}
    assert keys == {"deferred.rules.2"}
    with pytest.raises(ConfigError, match=r'unknown key "titel"\. Did you mean "title"\?'):
        chosen(settings, "titel")


def test_a_configuration_with_mistakes_has_no_settings(tmp_path: Path) -> None:
    write(tmp_path, {"ssg.toml": "titel = 1\n"})
    with pytest.raises(ConfigError, match=r"ssg\.toml:1:1: unknown key"):
        explain_settings(tmp_path, environment={})
