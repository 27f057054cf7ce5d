"""Converts Hugo's configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ssg.importers.hugo.config import HugoConfig
from ssg.importers.imported_site import ImportNotes, Topic
from ssg.importers.site_data.settings import time_zone
from ssg.importers.site_data.toml_yaml_json import lower_keys


def ssg_settings(config: HugoConfig, notes: ImportNotes) -> dict[str, Any]:
    """Our settings, without `[permalinks]` and `[menus]`, which depend on the pages."""
    params = config.table("params")
    language = lower_keys(config.languages.get(config.default_language, {}))
    return {
        "title": str(language.get("title") or config.text("title")),
        "base_url": _base_url(config, notes),
        "description": _text(lower_keys(params).get("description")),
        "author": _author(config, params),
        "default_language": _language(config, language),
        "languages": _languages(config, notes),
        "timezone": time_zone(config.text("timezone"), notes, config.origin),
        "output_dir": _output(config),
        "markdown": _markdown(config, notes),
        "feed": _feed(config),
        "outputs": {"robots": config.flag("enablerobotstxt")} if config.flag("enablerobotstxt")
        else {},
        "taxonomies": {name: {**paging(config), "feed": True} for name in taxonomies(config)},
        "extra": _extra(config, params),
    }  # fmt: skip


def _language(config: HugoConfig, own: Mapping[str, Any]) -> str:
    """The default language: with several languages, the code in the names of files."""
    if config.language_folders:
        return config.default_language
    locale = own.get("locale") or own.get("languagecode") or config.text("locale", "languagecode")
    return str(locale or config.default_language)


def _languages(config: HugoConfig, notes: ImportNotes) -> dict[str, Any]:
    """`[languages]` of a site with more than one."""
    found: dict[str, Any] = {}
    for code, folder in config.language_folders.items():
        table = config.languages[code]
        params = table.get("params")
        found[code] = {
            "name": str(table.get("languagename") or table.get("label") or code),
            **({"title": str(table["title"])} if table.get("title") else {}),
            **({"weight": table["weight"]} if isinstance(table.get("weight"), int) else {}),
            **({"path": folder} if folder != (code if found else "") else {}),
            **({"extra": params} if isinstance(params, dict) and params else {}),
        }
        if table.get("menu") or table.get("menus"):
            what = f"the menus of the language {code} were not imported"
            notes.add(Topic.LANGUAGE, what, config.origin)
    return found


def taxonomies(config: HugoConfig) -> list[str]:
    """The names of taxonomies, in the plural, as in front matter."""
    kinds = config.values.get("disablekinds")
    if isinstance(kinds, list) and "taxonomy" in kinds and "term" in kinds:
        return []
    table = config.table("taxonomies")
    if "taxonomies" not in config.values:
        return ["categories", "tags"]
    return [str(plural) for plural in table.values() if isinstance(plural, str) and plural]


def paging(config: HugoConfig) -> dict[str, Any]:
    """The size and the path of pagers, as far as the site sets them."""
    table = lower_keys(config.table("pagination"))
    size = table.get("pagersize", config.values.get("paginate"))
    path = table.get("path") or config.values.get("paginatepath")
    has_size = isinstance(size, int) and not isinstance(size, bool) and size
    return {
        **({"paginate_by": size} if has_size else {}),
        **({"paginate_path": str(path)} if path else {}),
    }


def _base_url(config: HugoConfig, notes: ImportNotes) -> str:
    url = config.text("baseurl")
    if url.startswith(("http://", "https://")) and "." in url:
        return url.rstrip("/") + "/"
    if url not in {"", "/"}:
        notes.add(Topic.SETTING, f"baseURL is not the URL of a site: {url}", config.origin)
    return ""


def _author(config: HugoConfig, params: Mapping[str, Any]) -> str:
    for value in (config.values.get("author"), lower_keys(params).get("author")):
        if isinstance(value, dict):
            return _text(lower_keys(value).get("name"))
        if isinstance(value, str):
            return value
    return ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _output(config: HugoConfig) -> str:
    folder = config.text("publishdir").strip("/")
    return folder if folder not in {"", "public"} and not folder.startswith("..") else ""


def _markdown(config: HugoConfig, notes: ImportNotes) -> dict[str, Any]:
    """Hugo writes typographic punctuation and automatic summaries by default."""
    extensions = ("markup", "goldmark", "extensions")
    typographer = lower_keys(config.table(*extensions)).get("typographer", True)
    is_smart = not lower_keys(typographer).get("disable") if isinstance(typographer, dict) \
        else typographer is True  # fmt: skip
    passthrough = lower_keys(config.table(*extensions, "passthrough"))
    delimiters = str(passthrough.get("delimiters") or "") if passthrough.get("enable") else ""
    if "\\\\(" in delimiters:
        what = r"formulas between \( and \) are not converted: write $ ... $"
        notes.add(Topic.MARKUP, what, config.origin)
    toc = lower_keys(config.table("markup", "tableofcontents")).get("endlevel")
    numbered = lower_keys(config.table("markup", "highlight")).get("linenos")
    found: dict[str, Any] = {"smart_punctuation": is_smart, "auto_summary": True}
    if "$" in delimiters:
        found["math"] = True
    if isinstance(toc, int) and toc > 0:
        found["toc_depth"] = toc
    if numbered in {True, "table", "inline"}:
        found["line_numbers"] = True
    return found


def _feed(config: HugoConfig) -> dict[str, Any]:
    """Hugo's feeds are RSS at `index.xml`. They stay there, in addition to ours in Atom."""
    kinds = config.values.get("disablekinds")
    if isinstance(kinds, list) and {"rss", "RSS"} & set(map(str, kinds)):
        return {"enabled": False}
    limit = lower_keys(config.table("services", "rss")).get("limit", config.values.get("rsslimit"))
    found: dict[str, Any] = {"rss": True, "rss_filename": "index.xml"}
    return {**found, "limit": limit} if isinstance(limit, int) and limit > 0 else found


def _extra(config: HugoConfig, params: Mapping[str, Any]) -> dict[str, Any]:
    extra = {key: value for key, value in params.items() if key.lower() != "description"}
    if copyright_line := config.text("copyright"):
        extra.setdefault("footer", copyright_line)
    return extra
