"""Hugo's configuration -> ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ssg.importers.front_matter.dates import is_zone
from ssg.importers.hugo.config import HugoConfig
from ssg.importers.imported_site import ImportNotes, ImportTopic
from ssg.importers.site_data.toml_yaml_json import lowered


def settings(config: HugoConfig, notes: ImportNotes) -> dict[str, Any]:
    """Everything but `[permalinks]` and `[menus]`, which need the pages."""
    params = config.table("params")
    language = lowered(config.languages.get(config.default_language, {}))
    zone = config.text("timezone")
    if zone and not is_zone(zone):
        notes.add(ImportTopic.SETTING, f"unknown time zone {zone}", config.origin)
    return {
        "title": str(language.get("title") or config.text("title")),
        "base_url": _base_url(config, notes),
        "description": _text(lowered(params).get("description")),
        "author": _author(config, params),
        "default_language": _language(config, language),
        "languages": _languages(config, notes),
        "timezone": zone if is_zone(zone or "?") else "",
        "output_dir": _output(config),
        "markdown": _markdown(config, notes),
        "feed": _feed(config),
        "outputs": {"robots": config.flag("enablerobotstxt")} if config.flag("enablerobotstxt")
        else {},
        "taxonomies": {name: {**_paging(config), "feed": True} for name in taxonomies(config)},
        "extra": _extra(config, params),
    }  # fmt: skip


def _language(config: HugoConfig, own: Mapping[str, Any]) -> str:
    """The code by which files are marked, where there are several languages."""
    if config.language_folders:
        return config.default_language
    locale = own.get("locale") or own.get("languagecode") or config.text("locale", "languagecode")
    return str(locale or config.default_language)


def _languages(config: HugoConfig, notes: ImportNotes) -> dict[str, Any]:
    """`[languages]`, of a site with more than one."""
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
            what = f"the menus of the language {code} were not carried"
            notes.add(ImportTopic.LANGUAGE, what, config.origin)
    return found


def taxonomies(config: HugoConfig) -> list[str]:
    """Names of taxonomies, in the plural as front matter has them."""
    kinds = config.values.get("disablekinds")
    if isinstance(kinds, list) and "taxonomy" in kinds and "term" in kinds:
        return []
    table = config.table("taxonomies")
    if "taxonomies" not in config.values:
        return ["categories", "tags"]
    return [str(plural) for plural in table.values() if isinstance(plural, str) and plural]


def pager(config: HugoConfig) -> int:
    """How many pages a part of a list has; 0 if the site does not say."""
    size = lowered(config.table("pagination")).get("pagersize", config.values.get("paginate"))
    return size if isinstance(size, int) and not isinstance(size, bool) else 0


def _paging(config: HugoConfig) -> dict[str, Any]:
    path = lowered(config.table("pagination")).get("path") or config.values.get("paginatepath")
    found: dict[str, Any] = {"paginate_by": pager(config)} if pager(config) else {}
    return {**found, **({"paginate_path": str(path)} if path else {})}


def section_paging(config: HugoConfig) -> dict[str, Any]:
    return _paging(config)


def _base_url(config: HugoConfig, notes: ImportNotes) -> str:
    url = config.text("baseurl")
    if url.startswith(("http://", "https://")) and "." in url:
        return url.rstrip("/") + "/"
    if url not in {"", "/"}:
        notes.add(ImportTopic.SETTING, f"baseURL is no URL of a site: {url}", config.origin)
    return ""


def _author(config: HugoConfig, params: Mapping[str, Any]) -> str:
    for value in (config.values.get("author"), lowered(params).get("author")):
        if isinstance(value, dict):
            return _text(lowered(value).get("name"))
        if isinstance(value, str):
            return value
    return ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _output(config: HugoConfig) -> str:
    folder = config.text("publishdir").strip("/")
    return folder if folder not in {"", "public"} and not folder.startswith("..") else ""


def _markdown(config: HugoConfig, notes: ImportNotes) -> dict[str, Any]:
    """Hugo makes typographic punctuation, and summaries of what has none, unless told not to."""
    extensions = ("markup", "goldmark", "extensions")
    typographer = lowered(config.table(*extensions)).get("typographer", True)
    is_smart = not lowered(typographer).get("disable") if isinstance(typographer, dict) \
        else typographer is True  # fmt: skip
    passthrough = lowered(config.table(*extensions, "passthrough"))
    delimiters = str(passthrough.get("delimiters") or "") if passthrough.get("enable") else ""
    if "\\\\(" in delimiters:
        notes.add(ImportTopic.MARKUP, r"formulas between \( and \) are not known: write $ ... $",
                  config.origin)  # fmt: skip
    toc = lowered(config.table("markup", "tableofcontents")).get("endlevel")
    numbered = lowered(config.table("markup", "highlight")).get("linenos")
    found: dict[str, Any] = {"smart_punctuation": is_smart, "auto_summary": True}
    if "$" in delimiters:
        found["math"] = True
    if isinstance(toc, int) and toc > 0:
        found["toc_depth"] = toc
    if numbered in {True, "table", "inline"}:
        found["line_numbers"] = True
    return found


def _feed(config: HugoConfig) -> dict[str, Any]:
    """Hugo's feeds are RSS at `index.xml`; they stay there, beside those in Atom."""
    kinds = config.values.get("disablekinds")
    if isinstance(kinds, list) and {"rss", "RSS"} & set(map(str, kinds)):
        return {"enabled": False}
    limit = lowered(config.table("services", "rss")).get("limit", config.values.get("rsslimit"))
    found: dict[str, Any] = {"rss": True, "rss_filename": "index.xml"}
    return {**found, "limit": limit} if isinstance(limit, int) and limit > 0 else found


def _extra(config: HugoConfig, params: Mapping[str, Any]) -> dict[str, Any]:
    extra = {key: value for key, value in params.items() if key.lower() != "description"}
    if copyright_line := config.text("copyright"):
        extra.setdefault("footer", copyright_line)
    return extra
