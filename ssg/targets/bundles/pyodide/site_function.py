"""The function of a site, for targets: what goes into it, and what a build reports of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ssg.model.page import NOT_FOUND_FILE
from ssg.model.queries.site import Site
from ssg.redirects.header_rule import HeaderRule
from ssg.render.renderer import Renderer
from ssg.targets.bundles.pyodide.emit_function import FunctionInputs, PackageReport
from ssg.targets.bundles.pyodide.function_size import FunctionSize, SizeLimits
from ssg.targets.bundles.pyodide.live_files import live_files
from ssg.targets.target import TEXTS_PATH, EmitContext, EmitResult, EmittedSize


def function_inputs(
    context: EmitContext, texts: str, headers: Sequence[HeaderRule]
) -> FunctionInputs:
    """What a site puts into its function. `texts` is the setting of that name."""
    page = context.publish_dir / NOT_FOUND_FILE
    not_found = page.read_bytes() if page.is_file() else b""
    return FunctionInputs(
        context.database,
        not_found,
        texts,
        _error_pages(context.site),
        headers,
        live_files(context.site.settings),
    )


def emitted_size(size: PackageReport | FunctionSize, limits: SizeLimits) -> EmittedSize:
    """The size of a function beside the limits of its host."""
    return EmittedSize(
        zipped=size.zipped_bytes,
        zipped_limit=limits.zipped_bytes,
        zipped_is_estimate=size.zipped_is_estimate,
        unzipped=size.unzipped_bytes,
        unzipped_limit=limits.unzipped_bytes,
    )


def with_function(emitted: EmitResult, report: PackageReport, limits: SizeLimits) -> EmitResult:
    """A result with the size of the function and the texts that the deploy has for it."""
    size = emitted_size(report, limits)
    copies = tuple((block, f"{TEXTS_PATH[1:]}{block.name}") for block in report.published)
    return replace(emitted, copies=copies, size=size)


def _error_pages(site: Site) -> dict[str, str]:
    """The error pages of languages, by the folder of each."""
    renderer, paths = Renderer(site), site.error_paths()
    pages = filter(None, map(site.page_at, paths))
    return {
        page.path.removesuffix(NOT_FOUND_FILE): renderer.render(page).decode() for page in pages
    }
