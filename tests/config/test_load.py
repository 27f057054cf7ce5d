"""Where settings come from, and what is said of wrong ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from ssg.config.load import ENVIRONMENT, Project, load
from ssg.model.errors import ConfigError
from ssg.model.settings import Settings
from tests.conftest import write

Loader = Callable[..., Project]


@pytest.fixture
def loaded(tmp_path: Path) -> Loader:
    def run(
        text: str = "", *, name: str = "ssg.toml", environment: Mapping[str, str] | None = None,
        **options: object,
    ) -> Project:  # fmt: skip
        write(tmp_path, {name: text})
        return load(tmp_path, environment=environment or {}, **options)  # type: ignore[arg-type]

    return run


@pytest.fixture
def faults(loaded: Loader) -> Callable[..., list[str]]:
    def run(text: str, **options: object) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            loaded(text, **options)
        return [str(problem) for problem in caught.value.problems]

    return run


def without_theme(settings: Settings) -> Settings:
    """The default theme brings values of its own for templates."""
    assert settings.site.extra
    return replace(settings, site=replace(settings.site, extra={}))


def test_an_empty_file_gives_the_defaults(loaded: Loader) -> None:
    assert without_theme(loaded().settings) == Settings()


def test_settings_can_stand_in_pyproject(loaded: Loader) -> None:
    project = loaded('[tool.ssg]\ntitle = "T"\n', name="pyproject.toml")
    assert project.settings.site.title == "T"
    assert project.config_path is not None
    assert project.config_path.name == "pyproject.toml"


def test_ssg_toml_goes_before_pyproject(loaded: Loader, tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": '[tool.ssg]\ntitle = "P"\n'})
    assert loaded('title = "S"\n').settings.site.title == "S"


def test_another_file_can_be_named(loaded: Loader) -> None:
    project = loaded('title = "X"\n', name="conf/x.toml", config=Path("conf/x.toml"))
    assert project.settings.site.title == "X"


@pytest.mark.parametrize("text", ["[project]\n", "tool = 3\n", "[tool]\nssg = 3\n"])
def test_a_pyproject_of_something_else_is_no_site(
    faults: Callable[..., list[str]], text: str
) -> None:
    (fault,) = faults(text, name="pyproject.toml")
    assert fault.startswith("there is no site in ")


def test_a_content_folder_alone_is_a_site(tmp_path: Path) -> None:
    write(tmp_path, {"content/a.md": "", "pyproject.toml": "[project]\n"})
    assert without_theme(load(tmp_path, environment={}).settings) == Settings()


def test_an_option_beats_the_environment_which_beats_the_file(loaded: Loader) -> None:
    text = 'title = "file"\n[target]\nname = "static"\n'
    environment = {"SSG_TITLE": "variable", "SSG_TARGET": "netlify", "SSG_AUTHOR": ""}
    site = loaded(text, environment=environment).settings
    assert (site.site.title, site.target.name, site.site.author) == ("variable", "netlify", "")
    overrides = {("title",): "option", ("target", "name"): "static"}
    site = loaded(text, environment=environment, overrides=overrides).settings
    assert (site.site.title, site.target.name) == ("option", "static")


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_a_variable_sets_its_key(loaded: Loader, name: str) -> None:
    values = {
        "SSG_BASE_URL": "https://v.org/", "SSG_TIMEZONE": "Europe/Paris", "SSG_THEME": "default",
        "SSG_TARGET": "netlify",
    }  # fmt: skip
    wanted = values.get(name, "value")
    settings = loaded(environment={name: wanted}).settings
    key = ENVIRONMENT[name][-1]
    holder = settings.target if name == "SSG_TARGET" else settings
    holder = holder if hasattr(holder, key) else settings.site
    assert getattr(holder, key) == wanted


def test_every_problem_is_told_at_once_with_its_place(faults: Callable[..., list[str]]) -> None:
    text = (
        'titel = "x"\nbase_url = "example.org"\ntimezone = "Europe/Pari"\ntheme = "defalt"\n\n'
        "[markdown]\ntoc_depth = 0\nhighlight = 1\n\n"
        '[[deferred.rules]]\nmatch = "a/**"\nttl = 0\n\n'
        '[[deferred.rules]]\nkind = "pge"\nolder_than = "1 year"\n\n'
        "[[deferred.rules]]\nkeep_newest = -1\n"
    )
    assert sorted(faults(text), key=lambda line: [int(n) for n in line.split(":")[1:3]]) == [
        'ssg.toml:1:1: unknown key "titel". Did you mean "title"?',
        'ssg.toml:2:1: "base_url" is not the URL of a site: "example.org". Write https://example.org/',
        'ssg.toml:3:1: unknown time zone "Europe/Pari". Did you mean "Europe/Paris"?',
        'ssg.toml:4:1: unknown theme "defalt". Did you mean "default"?',
        'ssg.toml:7:1: "toc_depth" is 0, but must be at least 1',
        'ssg.toml:8:1: "highlight" must be true or false, not the number 1',
        'ssg.toml:12:1: "ttl" is 0, but must be at least 1',
        'ssg.toml:15:1: unknown kind "pge". Did you mean "page"?',
        'ssg.toml:16:1: "older_than" is not a span of time: "1 year". '
        "Write a number with d, w, m (30 days) or y (365 days)",
        'ssg.toml:18:1: a rule needs "match" (a glob of sources), "kind" or "language"',
        'ssg.toml:19:1: "keep_newest" is -1, but must be at least 0',
    ]


def test_in_pyproject_places_are_those_of_that_file(faults: Callable[..., list[str]]) -> None:
    text = '[project]\ntitle = 1\n\n[tool.ssg]\ntitle = 1\n\n[tool.ssg.feed]\nlimit = "x"\n'
    assert faults(text, name="pyproject.toml") == [
        'pyproject.toml:5:1: "title" must be a text, not the number 1. '
        "Put quotes around it to make it a text",
        'pyproject.toml:8:1: "limit" must be a whole number, not the text "x"',
    ]


def test_a_wrong_variable_or_option_is_named_itself(faults: Callable[..., list[str]]) -> None:
    text = 'base_url = "https://x.org"\n'
    assert faults(text, environment={"SSG_BASE_URL": "x"})[0].startswith("SSG_BASE_URL: ")
    assert faults(text, overrides={("base_url",): "x"})[0].startswith("--base-url: ")
    assert faults("", overrides={("target", "name"): "x"})[0].startswith("--target: ")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a = \n", "ssg.toml:1:5: TOML: Invalid value"),
        ("\n[a\n", "ssg.toml:2:3: TOML: Expected ']' at the end of a table declaration"),
        ("a = 1\na = 2\n", "ssg.toml:2:6: TOML: Cannot overwrite a value"),
        ("a = " + "[" * 9999, "ssg.toml:1:105: TOML: tables and arrays are nested"),
    ],
)
def test_broken_toml_is_told_with_its_place(
    faults: Callable[..., list[str]], text: str, fault: str
) -> None:
    assert faults(text)[0].startswith(fault)


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    (tmp_path / "ssg.toml").write_bytes(b'title = "\xff"')
    with pytest.raises(ConfigError, match=r"ssg.toml: the file is not UTF-8"):
        load(tmp_path)


def test_a_byte_order_mark_and_crlf_are_no_problem(tmp_path: Path) -> None:
    (tmp_path / "ssg.toml").write_bytes(b'\xef\xbb\xbftitle = "T"\r\n')
    assert load(tmp_path, environment={}).settings.site.title == "T"


def test_a_named_file_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nope.toml: the file cannot be read: No such file"):
        load(tmp_path, Path("nope.toml"))


def test_a_kind_of_function_and_the_cache_of_a_host(loaded: Loader) -> None:
    assert loaded('[target]\nname = "netlify"').settings.target.kind == "builder"
    settings = loaded('[target]\nname = "netlify"\nkind = "function"\nkeep_cache = true').settings
    assert (settings.target.kind, settings.target.keep_cache) == ("function", True)


def test_two_functions_have_two_names(loaded: Loader) -> None:
    assert loaded('[target]\nimage_function = "img"').settings.target.image_function == "img"
    with pytest.raises(ConfigError, match=r'ssg.toml:2:1: .* are both "ssg-pages"'):
        loaded('[target]\nimage_function = "ssg-pages"')


def test_a_kind_does_not_matter_to_a_host_without_kinds(loaded: Loader) -> None:
    settings = loaded('[target]\nname = "static"\nkind = "function"').settings
    assert settings.target.name == "static"
