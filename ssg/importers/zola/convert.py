"""A site of Zola -> a site of ours."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from urllib.parse import urljoin

from ssg.importers.drafts import Draft
from ssg.importers.facts.data_files import data_files, term_redirects
from ssg.importers.facts.languages import Names
from ssg.importers.facts.tables import write_table
from ssg.importers.finish import Carried, Rewrite
from ssg.importers.imported import Copy, Kind, Notes, Redirect, Text
from ssg.importers.markup.anchors import zola_id
from ssg.importers.markup.links import Targets, map_targets
from ssg.importers.tree import Tree
from ssg.importers.zola.config import ZolaConfig, phrases, read_config, settings
from ssg.importers.zola.pages import ROOT, Pages, slugify
from ssg.importers.zola.shortcodes import Shortcodes
from ssg.model.urls import base_path

_FOLDERS = ("templates", "sass", "themes", "syntaxes")


def convert(tree: Tree, notes: Notes) -> Carried:
    """Everything but the templates. Raises OldSiteError if the folder is no site of Zola."""
    config = read_config(tree)
    ours = settings(config, notes)
    content = Pages(tree, config, Names(config.language_folders), notes).read()
    shortcodes = Shortcodes(tree, notes)
    _note_templates(tree, notes)

    def rewriting(settled: Sequence[Draft]) -> Rewrite:
        assets = _assets(settled, content.files)
        return _rewriting(settled, shortcodes, notes, str(ours["base_url"]), assets)

    return Carried(
        config=ours,
        drafts=_with_home(content.drafts),
        rewriting=rewriting,
        make_id=zola_id,
        files=[
            *content.files,
            *(Copy(name, name) for name in tree.below("static")),
            *data_files(tree, "data", notes),
            *(Text(f"i18n/{c}.toml", write_table(t)) for c, t in phrases(config).items()),
        ],
        more_files=lambda: list(shortcodes.templates()),
        redirects=_term_redirects(content.drafts, config),
        languages=config.language_folders,
    )


def _with_home(drafts: Sequence[Draft]) -> list[Draft]:
    """Zola lists no page without an `_index.md`; the home page has one here."""
    has_home = any(draft.place == "_index.md" for draft in drafts)
    home = [] if has_home else [Draft("", "_index.md", {}, address="/")]
    return [*home, *(replace(one, address="/") if one.place == "_index.md" else one
                     for one in drafts)]  # fmt: skip


def _rewriting(
    drafts: Sequence[Draft], shortcodes: Shortcodes, notes: Notes, url: str, assets: Set[str]
) -> Rewrite:
    pages = {one.origin: one.place for one in drafts if one.origin}
    targets = Targets(pages, base=base_path(url), root=ROOT)

    def rewrite(draft: Draft) -> str:
        text = shortcodes.convert(draft.text, draft)

        def change(target: str, line: int) -> str:
            if not target.startswith("@/"):
                return _asset(targets.change(target, draft, line, notes), draft, assets)
            path, hash_, part = target.removeprefix("@/").partition("#")
            if f"{ROOT}/{path}" in pages:
                return f"@/{pages[f'{ROOT}/{path}']}{hash_}{part}"
            notes.add(Kind.LINK, f"leads to no page: {target}", draft.origin, line)
            return f"/{path.removesuffix('.md')}/{hash_}{part}"

        return map_targets(text, draft.line, change)

    return rewrite


def _assets(drafts: Sequence[Draft], files: Sequence[Copy]) -> frozenset[str]:
    """Addresses of files beside pages: they are once on a site, with the original."""
    names = ("index.md", "_index.md")
    folders = {one.folder: one.address for one in drafts if one.place.rpartition("/")[2] in names}
    return frozenset(
        folders[folder] + name
        for folder, _, name in (
            file.path.removeprefix(f"{ROOT}/").rpartition("/") for file in files
        )
        if folder in folders
    )


def _asset(target: str, draft: Draft, assets: Set[str]) -> str:
    """A file beside another page, which Zola has once more for each of its translations."""
    if not target.startswith("../"):
        return target
    path = urljoin(draft.address, target)
    original = "/" + path[1:].partition("/")[2]
    return original if path not in assets and original in assets else target


def _term_redirects(drafts: Sequence[Draft], config: ZolaConfig) -> list[Redirect]:
    return [
        redirect
        for name in config.taxonomies
        for redirect in term_redirects(drafts, name, lambda kind, term: f"/{kind}/{slugify(term)}/")
    ]


def _note_templates(tree: Tree, notes: Notes) -> None:
    for folder in _FOLDERS:
        files = [name for name in tree.below(folder) if "/shortcodes/" not in name]
        notes.templates(folder, files)
