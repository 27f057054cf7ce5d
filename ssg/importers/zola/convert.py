"""Converts a site of Zola."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from functools import partial
from urllib.parse import urljoin

from ssg.importers.assemble import ConvertedSite, RewriteText
from ssg.importers.imported_page import ImportedPage, Pages, content_paths
from ssg.importers.imported_site import CopiedFile, ImportNotes, TextFile, Topic
from ssg.importers.markup.heading_ids import zola_id
from ssg.importers.markup.link_targets import LinkTargets, map_targets
from ssg.importers.markup.shortcode_calls import template_files
from ssg.importers.site_data.data_files import data_files
from ssg.importers.site_data.language_suffixes import LanguageSuffixes
from ssg.importers.site_data.taxonomies import term_redirects
from ssg.importers.site_data.toml_yaml_json import write_table
from ssg.importers.source_tree import SourceTree
from ssg.importers.zola.config import messages, read_config, ssg_settings
from ssg.importers.zola.content_reader import ROOT, ZolaContent, ZolaContentReader, slugify
from ssg.importers.zola.shortcodes import ZolaShortcodes

_TEMPLATE_FOLDERS = ("templates", "sass", "themes", "syntaxes")


def convert(tree: SourceTree, notes: ImportNotes) -> ConvertedSite:
    """Convert all but the templates. Raises OldSiteError if the folder is not a site of Zola."""
    config = read_config(tree)
    settings = ssg_settings(config, notes)
    content = ZolaContentReader(
        tree, config, LanguageSuffixes(config.language_folders), notes
    ).read()
    shortcodes = ZolaShortcodes(tree, notes)
    notes.templates(tree, _TEMPLATE_FOLDERS)

    return ConvertedSite(
        config=settings,
        pages=_with_home(content.pages),
        make_rewriter=partial(_rewriter, content, shortcodes, notes),
        make_id=zola_id,
        files=[
            *content.files,
            *(CopiedFile(name, name) for name in tree.below("static")),
            *data_files(tree, "data", notes),
            *(TextFile(f"i18n/{c}.toml", write_table(t)) for c, t in messages(config).items()),
        ],
        late_files=lambda: template_files(shortcodes.templates),
        redirects=list(term_redirects(content.pages, config.taxonomies, _term_address)),
        languages=config.language_folders,
    )


def _with_home(pages: Pages) -> list[ImportedPage]:
    """Add the home page if it has no `_index.md`, without which Zola lists no pages."""
    has_home = any(page.content_path == "_index.md" for page in pages)
    home = [] if has_home else [ImportedPage("", "_index.md", {}, address="/")]
    return [*home, *(replace(one, address="/") if one.content_path == "_index.md" else one
                     for one in pages)]  # fmt: skip


def _rewriter(
    content: ZolaContent, shortcodes: ZolaShortcodes, notes: ImportNotes, pages: Pages, base: str
) -> RewriteText:
    assets = _assets(pages, content.files)
    paths = content_paths(pages)
    targets = LinkTargets(paths, base=base, root=ROOT)

    def rewrite(page: ImportedPage) -> str:
        text = shortcodes.convert(page.text, page)

        def change(target: str, line: int) -> str:
            if not target.startswith("@/"):
                return _asset_target(targets.change(target, page, line, notes), page, assets)
            path, hash_, part = target.removeprefix("@/").partition("#")
            if f"{ROOT}/{path}" in paths:
                return f"@/{paths[f'{ROOT}/{path}']}{hash_}{part}"
            notes.add(Topic.LINK, f"leads to no page: {target}", page.origin, line)
            return f"/{path.removesuffix('.md')}/{hash_}{part}"

        return map_targets(text, page.line, change)

    return rewrite


def _assets(pages: Pages, files: Sequence[CopiedFile]) -> frozenset[str]:
    """The addresses of files of page bundles, which ssg publishes once, with the original."""
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


def _asset_target(target: str, page: ImportedPage, assets: Set[str]) -> str:
    """Resolve a file of another page's bundle. Zola publishes it again for each translation."""
    if not target.startswith("../"):
        return target
    path = urljoin(page.address, target)
    original = "/" + path[1:].partition("/")[2]
    return original if path not in assets and original in assets else target


def _term_address(taxonomy: str, name: str) -> str:
    return f"/{taxonomy}/{slugify(name)}/"
