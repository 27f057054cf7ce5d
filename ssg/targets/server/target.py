"""Emits what `ssg start` serves: a folder with the publish folder, the bundle and `deploy.toml`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ssg.images.cards.keep_card_files import keep_card_files
from ssg.model.images.variant import VARIANTS_FOLDER, original_name
from ssg.render.views.card import design_of
from ssg.targets.bundles.native.bundle import write_bundle
from ssg.targets.native_target import NativeTarget
from ssg.targets.server.capabilities import SERVER
from ssg.targets.target import EmitContext, EmitResult

_NEW_SITE = Path(__file__).parent / "new_site"
_NEW_SITE_FILES = ("Dockerfile", ".dockerignore", "compose.yaml", "varnish.vcl", "ssg.service")


CARD_FILES = "card-files"
"""The folder of fonts for cards."""


class ServerTarget(NativeTarget):
    """Needs no tools. The server reads rules and headers from `deploy.toml`."""

    name = "server"
    capabilities = SERVER
    new_site_files = tuple(_NEW_SITE / name for name in _NEW_SITE_FILES)

    def package(self, context: EmitContext, emitted: EmitResult) -> EmitResult:
        """Write the bundle."""
        deploy = self.deploy_file(context, emitted)
        cards = _write_card_files(context.work_dir / CARD_FILES, context)
        parts = [*cards, *write_bundle(context.work_dir, context.database, deploy)]
        folders = tuple((part, context.beside(part.name)) for part in parts)
        copies = tuple(_remote_originals(context)) if emitted.image_function else ()
        return replace(emitted, folders=folders, copies=(*emitted.copies, *copies))


def _remote_originals(context: EmitContext) -> Iterator[tuple[Path, str]]:
    """Copies of remote pictures whose variants the server may have to make: it asks no host."""
    for picture in context.site.pictures():
        if picture.is_remote and picture.has_variants and picture.deferred is not False:
            name = f"{VARIANTS_FOLDER}/{original_name(picture)}"
            yield context.root / picture.source, name


def _write_card_files(folder: Path, context: EmitContext) -> list[Path]:
    """Write the fonts of cards, which the server draws on request, if the site has cards."""
    design = design_of(context.site)
    if design is None:
        return []
    keep_card_files(design, context.root, folder)
    return [folder]
