"""`[languages.CODE]`: what it says, what it takes from the site, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssg.config.load import Project, load
from ssg.model.errors import ConfigError
from ssg.model.settings import SiteSettings
from tests.conftest import write


def _load(root: Path, text: str) -> Project:
    write(root, {"ssg.toml": 'theme = ""\n' + text, "content/a.md": ""})
    return load(root, environment={})


def _problems(root: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        _load(root, text)
    return [str(problem) for problem in caught.value.problems]


def test_a_site_of_one_language_has_no_languages(tmp_path: Path) -> None:
    site = _load(tmp_path, 'default_language = "de"').settings.site
    assert site.languages == {}
    assert (site.language_code, site.home_path) == ("de", "/")
    assert site.in_language("fr") is site


def test_a_language_takes_from_the_site_what_it_does_not_say(tmp_path: Path) -> None:
    site = _load(
        tmp_path,
        'title = "Site"\ndescription = "All"\n[feed]\nlimit = 3\n[taxonomies.tags]\nfeed = true\n'
        "[extra]\na = 1\nb = {c = 2, d = 3}\n"
        '[languages.fr]\nname = "Français"\ndescription = "Tout"\n'
        '[languages.fr.feed]\nfilename = "flux.xml"\n'
        '[languages.fr.taxonomies.tags]\npath = "etiquettes"\n[languages.fr.extra]\nb = {c = 4}\n',
    ).settings.site
    french = site.in_language("fr")
    assert (french.title, french.description) == ("Site", "Tout")
    assert (french.feed.limit, french.feed.filename) == (3, "flux.xml")
    assert french.taxonomies["tags"].feed
    assert french.taxonomies["tags"].path == "etiquettes"
    assert french.extra == {"a": 1, "b": {"c": 4, "d": 3}}
    assert (french.language_code, french.home_path) == ("fr", "/fr/")
    english = french.in_language("")
    assert english == site
    assert (english.description, english.taxonomies["tags"].path) == ("All", "")


def test_the_default_language_may_have_a_folder_of_its_own(tmp_path: Path) -> None:
    site = _load(tmp_path, '[languages.en]\npath = "/en/"\n[languages.fr]').settings.site
    assert [one.home_path for one in site.languages.values()] == ["/en/", "/fr/"]
    assert site.home_path == "/en/"


def test_languages_stand_by_weight_and_then_as_they_are_written(tmp_path: Path) -> None:
    text = "[languages.fr]\n[languages.de]\nweight = 2\n[languages.ar]\n[languages.it]\nweight = 1"
    site = _load(tmp_path, text).settings.site
    assert list(site.languages) == ["it", "de", "en", "fr", "ar"]
    assert [one.weight for one in site.languages.values()] == [1, 2, 3, 4, 5]
    assert SiteSettings.from_json(site.to_json()) == site
    assert list(SiteSettings.from_json(site.to_json()).languages) == list(site.languages)


def test_the_direction_is_that_of_the_script(tmp_path: Path) -> None:
    text = (
        "[languages.ar]\n[languages.he-IL]\n[languages.az-Arab]\n[languages.ur-Latn-PK]\n"
        '[languages.xx]\ndirection = "rtl"'
    )
    site = _load(tmp_path, text).settings.site
    directions = {code: one.direction for code, one in site.languages.items()}
    assert directions == {
        "en": "ltr", "ar": "rtl", "he-IL": "rtl", "az-Arab": "rtl", "ur-Latn-PK": "ltr",
        "xx": "rtl",
    }  # fmt: skip


def test_a_language_has_menus_of_its_own(tmp_path: Path) -> None:
    text = '[[languages.fr.menus.main]]\nname = "Accueil"\nurl = "/fr/"\n[languages.de]'
    menus = _load(tmp_path, text).settings.language_menus
    assert list(menus) == ["fr"]
    assert menus["fr"]["main"][0].name == "Accueil"


def test_a_rule_names_a_language(tmp_path: Path) -> None:
    text = '[languages.fr]\n[[deferred.rules]]\nlanguage = "fr"'
    (rule,) = _load(tmp_path, text).settings.deferred.rules
    assert (rule.language, rule.match, rule.kind) == ("fr", None, None)


def test_every_fault_is_told_with_its_place(tmp_path: Path) -> None:
    text = (
        '[languages.fr]\nnmae = "Français"\ndirection = "left"\n'
        "[languages.en]\nfallback = true\n"
        "[languages.f]\n"
        '[languages.de]\npath = "FR"\n[languages.de.taxonomies.tag]\n'
        '[languages.it]\npath = ""\n[languages.it.feed]\nlimit = 0\n'
        '[[deferred.rules]]\nlanguage = "es"\n'
    )
    assert _problems(tmp_path, text) == [
        'ssg.toml:4:1: unknown direction "left". One of ltr, rtl',
        'ssg.toml:3:1: unknown key "nmae". Did you mean "name"?',
        "ssg.toml:6:1: the default language cannot fall back to another one",
        'ssg.toml:7:1: "f" is not a language code. Write fr or pt-BR',
        'ssg.toml:10:1: "tag" is not a taxonomy of this site. Did you mean "tags"?',
        'ssg.toml:14:1: "limit" is 0, but must be at least 1',
        'ssg.toml:9:1: fr and de both use the folder FR/. Write path = "de"',
        'ssg.toml:12:1: en and it both use the root of the site. Write path = "it"',
        'ssg.toml:16:1: "es" is not a language of this site. Add [languages.es]',
    ]
