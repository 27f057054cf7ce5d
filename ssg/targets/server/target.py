"""Emits what `ssg start` serves: a folder with the publish folder, the bundle and `deploy.toml`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ssg.targets.bundles.native.bundle import write_bundle
from ssg.targets.native_target import NativeTarget
from ssg.targets.server.capabilities import SERVER
from ssg.targets.target import EmitContext, EmitResult

_NEW_SITE = Path(__file__).parent / "new_site"
_NEW_SITE_FILES = ("Dockerfile", ".dockerignore", "compose.yaml", "varnish.vcl", "ssg.service")


class ServerTarget(NativeTarget):
    """Needs no tools. The server reads rules and headers from `deploy.toml`."""

    name = "server"
    capabilities = SERVER
    new_site_files = tuple(_NEW_SITE / name for name in _NEW_SITE_FILES)

    def package(self, context: EmitContext, emitted: EmitResult) -> EmitResult:
        """Write the bundle."""
        deploy = self.deploy_file(context, emitted)
        parts = write_bundle(context.work_dir, context, deploy)
        return replace(emitted, folders=tuple((part, context.beside(part.name)) for part in parts))
