"""Reads Hugo's configuration, one file or a folder of files, as one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ssg.importers.imported_site import ImportNotes, Topic
from ssg.importers.site_data.toml_yaml_json import SUFFIXES, lower_keys, read_table
from ssg.importers.source_tree import SourceTree
from ssg.model.errors import OldSiteError, Problem

_NAMES = tuple(f"{name}{suffix}" for name in ("hugo", "config") for suffix in SUFFIXES)
_FOLDER = "config/_default"
_ROOT_FILES = frozenset({"hugo", "config"})
_READ = frozenset(
    {
        "baseurl", "title", "languagecode", "locale", "defaultcontentlanguage", "timezone",
        "params", "author", "copyright", "taxonomies", "permalinks", "menu", "menus", "languages",
        "pagination", "paginate", "paginatepath", "markup", "summarylength", "enablerobotstxt",
        "disablekinds", "rsslimit", "services", "uglyurls", "contentdir", "staticdir", "datadir",
        "i18ndir", "layoutdir", "publishdir", "cascade", "module", "theme", "enableemoji",
        "outputs", "defaultcontentlanguageinsubdir", "disablepathtolower", "archetypedir",
    }
)  # fmt: skip
_IGNORED = frozenset(
    {
        "build", "caches", "security", "server", "minify", "frontmatter", "environment", "watch",
        "buildfuture", "builddrafts", "buildexpired", "ignorelogs", "ignorewarnings", "timeout",
        "cleandestinationdir", "enablegitinfo", "sitemap", "disablefastrender",
        "enableinlineshortcodes",
        "pluralizelisttitles", "enablemissingtranslationplaceholders", "assetdir", "resourcedir",
        "cachedir", "themesdir", "newcontenteditor", "refLinksErrorLevel".lower(), "imaging",
        "disablelivereload", "relativeurls", "canonifyurls", "capitalizelisttitles", "deployment",
        "removepathaccents", "hascjklanguage", "titlecasestyle", "segments", "httpcache",
        "templatemetrics", "templatemetricshints", "printi18nwarnings", "printpathwarnings",
        "privacy", "disablehugogeneratorinject", "ignorefiles", "related", "mediatypes",
        "outputformats", "disablealiases", "editurl", "debug", "metadataformat", "archetypes",
    }
)  # fmt: skip
"""Settings that only concern Hugo itself or its templates."""


@dataclass(frozen=True, slots=True)
class HugoConfig:
    """The configuration under lower-case keys. `origin` is its file, which findings name."""

    values: Mapping[str, Any]
    origin: str
    spelled: Mapping[str, str]
    """The keys of the main file as they are written there."""

    def text(self, *keys: str, default: str = "") -> str:
        found = (self.values.get(key) for key in keys)
        return next((str(value) for value in found if isinstance(value, str | int)), default)

    def table(self, *keys: str) -> dict[str, Any]:
        """A nested table; empty if there is none."""
        value: Any = self.values
        for key in keys:
            value = lower_keys(value).get(key) if isinstance(value, dict) else None
        return dict(value) if isinstance(value, dict) else {}

    def flag(self, *keys: str, default: bool = False) -> bool:
        """A boolean in a nested table."""
        value = lower_keys(self.table(*keys[:-1]) if keys[1:] else self.values).get(keys[-1])
        return value if isinstance(value, bool) else default

    @property
    def languages(self) -> dict[str, dict[str, Any]]:
        """Settings by language: the default language first, the others by weight."""
        found = {name: lower_keys(one) for name, one in self.table("languages").items()
                 if isinstance(one, dict)}  # fmt: skip
        default = self.default_language
        return dict(sorted(found.items(), key=lambda p: (p[0] != default, p[1].get("weight") or 0)))

    @property
    def default_language(self) -> str:
        return self.text("defaultcontentlanguage", default="en")

    @property
    def content_folder(self) -> str:
        """The folder of texts in the default language."""
        return next(iter(self.content_folders))

    @property
    def content_folders(self) -> dict[str, str]:
        """The language of each folder of texts; '' for the default one, or for all languages."""
        usual = self.text("contentdir", default="content").strip("/")
        found: dict[str, str] = {}
        for mount in self._mounts():
            if mount.get("target") == "content" and isinstance(mount.get("source"), str):
                matrix = lower_keys(mount.get("sites") or {}).get("matrix") or {}
                languages = mount.get("lang") or lower_keys(matrix).get("languages")
                names = languages if isinstance(languages, list) else [languages]
                found[str(mount["source"]).strip("/")] = str(names[0] or "")
        for language, table in self.languages.items():
            if own := str(table.get("contentdir") or "").strip("/"):
                found[own] = language
        others = self.languages.keys() - {self.default_language}
        named = {folder: code if code in others else "" for folder, code in found.items()}
        return dict(sorted(named.items(), key=lambda pair: pair[1] != "")) or {usual: ""}

    @property
    def language_folders(self) -> dict[str, str]:
        """The folder in addresses of each language, the default first; empty with one language."""
        if len(self.languages) < 2:
            return {}
        always = self.flag("defaultcontentlanguageinsubdir")
        return {
            name: "" if name == self.default_language and not always else name.lower()
            for name in self.languages
        }

    def _mounts(self) -> list[dict[str, Any]]:
        mounts = self.table("module").get("mounts")
        return [one for one in mounts if isinstance(one, dict)] if isinstance(mounts, list) else []

    @property
    def static_folders(self) -> list[str]:
        value = self.values.get("staticdir") or "static"
        return [str(one).strip("/") for one in (value if isinstance(value, list) else [value])]


def read_config(tree: SourceTree) -> HugoConfig:
    """Raises OldSiteError if the folder is not a site of Hugo, or a file cannot be read."""
    origin = next((name for name in _NAMES if name in tree), "")
    table = read_table(tree, origin) if origin else {}
    values, spelled = lower_keys(table), {key.lower(): key for key in table}
    for path in tree.below(_FOLDER):
        stem, _, suffix = path.removeprefix(f"{_FOLDER}/").rpartition(".")
        if f".{suffix}" not in SUFFIXES or "/" in stem:
            continue
        origin = origin or path
        table = read_table(tree, path)
        if stem in _ROOT_FILES:
            values |= lower_keys(table)
            continue
        key, _, language = stem.lower().partition(".")
        if language:
            values = _with_language(values, key, language, table)
        else:
            values[key] = {**(values.get(key) or {}), **table}
    if not origin:
        hint = f"There is none of {', '.join(_NAMES[:3])} or config/_default/"
        raise OldSiteError(Problem(f"{tree.root.name}/ is not a site of Hugo", None, hint))
    return HugoConfig(values, origin, spelled)


def _with_language(
    values: Mapping[str, Any], key: str, language: str, table: Mapping[str, Any]
) -> dict[str, Any]:
    """Add the settings of one language: `menus.fr.toml`."""
    languages = dict(values.get("languages") or {})
    languages[language] = {**(languages.get(language) or {}), key: table}
    return {**values, "languages": languages}


def add_setting_findings(config: HugoConfig, notes: ImportNotes) -> None:
    """Add a finding for each setting, theme and option that ssg does not have."""
    keys = (config.spelled.get(key, key) for key in config.values)
    notes.unknown_settings(keys, _READ | _IGNORED, config.origin)
    theme = config.values.get("theme") or ([] if not config.table("module").get("imports") else "")
    for name in theme if isinstance(theme, list) else [theme] if theme else []:
        notes.not_imported(Topic.TEMPLATE, f"the theme {name}", config.origin)
    if config.flag("enableemoji"):
        notes.add(Topic.MARKUP, "emoji codes such as :smile: stay as they are", config.origin)
