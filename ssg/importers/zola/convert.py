"""A site of Zola -> a site of ours."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from urllib.parse import urljoin

from ssg.importers.assemble import ConvertedSite, RewriteText
from ssg.importers.imported_page import ImportedPage, content_paths
from ssg.importers.imported_site import (
    CopiedFile,
    ImportedRedirect,
    ImportNotes,
    ImportTopic,
    TextFile,
)
from ssg.importers.markup.heading_ids import zola_id
from ssg.importers.markup.link_targets import LinkTargets, map_targets
from ssg.importers.site_data.data_files import data_files, term_redirects
from ssg.importers.site_data.language_suffixes import LanguageSuffixes
from ssg.importers.site_data.toml_yaml_json import write_table
from ssg.importers.source_tree import SourceTree
from ssg.importers.zola.config import ZolaConfig, phrases, read_config, settings
from ssg.importers.zola.content_reader import ROOT, ZolaContentReader, slugify
from ssg.importers.zola.shortcodes import ZolaShortcodes
from ssg.model.urls import base_path

_FOLDERS = ("templates", "sass", "themes", "syntaxes")


def convert(tree: SourceTree, notes: ImportNotes) -> ConvertedSite:
    """Everything but the templates. Raises OldSiteError if the folder is no site of Zola."""
    config = read_config(tree)
    ours = settings(config, notes)
    content = ZolaContentReader(
        tree, config, LanguageSuffixes(config.language_folders), notes
    ).read()
    shortcodes = ZolaShortcodes(tree, notes)
    _note_templates(tree, notes)

    def rewriting(settled: Sequence[ImportedPage]) -> RewriteText:
        assets = _assets(settled, content.files)
        return _rewriting(settled, shortcodes, notes, str(ours["base_url"]), assets)

    return ConvertedSite(
        config=ours,
        pages=_with_home(content.pages),
        rewriting=rewriting,
        make_id=zola_id,
        files=[
            *content.files,
            *(CopiedFile(name, name) for name in tree.below("static")),
            *data_files(tree, "data", notes),
            *(TextFile(f"i18n/{c}.toml", write_table(t)) for c, t in phrases(config).items()),
        ],
        more_files=lambda: list(shortcodes.templates()),
        redirects=_term_redirects(content.pages, config),
        languages=config.language_folders,
    )


def _with_home(pages: Sequence[ImportedPage]) -> list[ImportedPage]:
    """Zola lists no page without an `_index.md`; the home page has one here."""
    has_home = any(page.content_path == "_index.md" for page in pages)
    home = [] if has_home else [ImportedPage("", "_index.md", {}, address="/")]
    return [*home, *(replace(one, address="/") if one.content_path == "_index.md" else one
                     for one in pages)]  # fmt: skip


def _rewriting(
    pages: Sequence[ImportedPage],
    shortcodes: ZolaShortcodes,
    notes: ImportNotes,
    url: str,
    assets: Set[str],
) -> RewriteText:
    paths = content_paths(pages)
    targets = LinkTargets(paths, base=base_path(url), root=ROOT)

    def rewrite(page: ImportedPage) -> str:
        text = shortcodes.convert(page.text, page)

        def change(target: str, line: int) -> str:
            if not target.startswith("@/"):
                return _asset(targets.change(target, page, line, notes), page, assets)
            path, hash_, part = target.removeprefix("@/").partition("#")
            if f"{ROOT}/{path}" in paths:
                return f"@/{paths[f'{ROOT}/{path}']}{hash_}{part}"
            notes.add(ImportTopic.LINK, f"leads to no page: {target}", page.origin, line)
            return f"/{path.removesuffix('.md')}/{hash_}{part}"

        return map_targets(text, page.line, change)

    return rewrite


def _assets(pages: Sequence[ImportedPage], files: Sequence[CopiedFile]) -> frozenset[str]:
    """Addresses of files beside pages: they are once on a site, with the original."""
    names = ("index.md", "_index.md")
    folders = {
        one.folder: one.address for one in pages if one.content_path.rpartition("/")[2] in names
    }
    return frozenset(
        folders[folder] + name
        for folder, _, name in (
            file.path.removeprefix(f"{ROOT}/").rpartition("/") for file in files
        )
        if folder in folders
    )


def _asset(target: str, page: ImportedPage, assets: Set[str]) -> str:
    """A file beside another page, which Zola has once more for each of its translations."""
    if not target.startswith("../"):
        return target
    path = urljoin(page.address, target)
    original = "/" + path[1:].partition("/")[2]
    return original if path not in assets and original in assets else target


def _term_redirects(pages: Sequence[ImportedPage], config: ZolaConfig) -> list[ImportedRedirect]:
    return [
        redirect
        for name in config.taxonomies
        for redirect in term_redirects(pages, name, lambda kind, term: f"/{kind}/{slugify(term)}/")
    ]


def _note_templates(tree: SourceTree, notes: ImportNotes) -> None:
    for folder in _FOLDERS:
        files = [name for name in tree.below(folder) if "/shortcodes/" not in name]
        notes.templates(folder, files)
