"""What `ssg build` prints at its end."""

from __future__ import annotations

from collections.abc import Iterable

from rich.markup import escape

from ssg.build.images.image_counts import ImageCounts
from ssg.build.report import BuildReport
from ssg.cli.console import err, print_table, print_warnings
from ssg.fingerprint.tag_table.changes import SiteChanges
from ssg.model.pluralize import counted
from ssg.redirects.rule import BUILDERS
from ssg.targets.target import EmittedSize, HostRules

MEGABYTE = 1_000_000


def _images(images: ImageCounts) -> str:
    """`12 pictures: 48 variants made, 0 kept, 96 deferred`."""
    made = f"{counted(images.made, 'variant')} made, {images.kept:,} kept"
    deferred = f", {images.deferred:,} deferred" if images.deferred else ""
    size = f"{images.bytes_saved / MEGABYTE:.1f} MB"
    saved = f"; {counted(images.left_out, 'original')} left out ({size})"
    return f"{counted(images.pictures, 'picture')}: {made}{deferred}{saved * bool(images.left_out)}"


def print_report(report: BuildReport, *, verbose: bool = False) -> None:
    """Print the warnings and the figures of a build."""
    print_warnings(report.warnings)
    for skipped in report.skipped:
        err.print(f"skipped content/{escape(skipped.source)}: {escape(skipped.reason)}")
    print_table(_report_rows(report, verbose))


def _report_rows(report: BuildReport, verbose: bool) -> Iterable[tuple[str, str]]:
    yield "pages", f"{report.critical:,} critical, {_deferred(report)}"
    if report.live.routes:
        yield "live", _live(report)
    yield "rendered", _rendered(report)
    if report.images.pictures:
        yield "images", _images(report.images)
    yield "time", f"{report.seconds:.2f} s"
    if verbose:
        yield "", ", ".join(f"{name} {seconds:.2f}" for name, seconds in report.stages)
    yield "publish", f"{report.output} ({counted(report.files, 'file')})"
    yield "manifest", str(report.manifest)
    if report.builder:
        yield _kind_of(report.builder), report.builder
    if report.routes.routing:
        yield "reached by", report.routes.routing
    if report.size:
        yield "size", _size(report.size)
    if report.image_function:
        yield "images by", report.image_function
    if report.image_size:
        yield "image size", _size(report.image_size)
    if report.changes:
        yield "changed", changes_line(report.changes)
    if redirects := _redirects(report.routes):
        yield "redirects", redirects
    yield "target", f"{report.target}, build {report.build_id}"


def changes_line(changes: SiteChanges) -> str:
    """What caches have to forget, in one line."""
    if not changes.since:
        return "everything may have changed: no earlier build is known"
    since = f"since build {changes.since}"
    if changes.everything:
        return f"everything may have changed {since}"
    if not changes.tags:
        return f"nothing that caches keep has changed {since}"
    tags, pages = counted(len(changes.tags), "tag"), counted(len(changes.pages), "deferred page")
    return f"{tags} {f'and at least {pages} ' if changes.pages else ''}changed {since}"


def _size(size: EmittedSize) -> str:
    about = "about " if size.zipped_is_estimate else ""
    zipped = f"{_mb(size.zipped)} of {_mb(size.zipped_limit)} zipped"
    return f"{about}{zipped}, {_mb(size.unzipped)} of {_mb(size.unzipped_limit)} unzipped"


def _kind_of(address: str) -> str:
    return "builder" if address.startswith(BUILDERS) else "function"


def _redirects(routes: HostRules) -> str:
    covering, live = len(routes.covering), len(routes.to_function) - len(routes.covering)
    if not routes.function_paths:
        also = f" and {live} for live pages" if live else ""
        text = f"{counted(len(routes.rules), 'rule')}, {covering} for deferred pages{also}"
        return text if routes.rules else ""
    others = len(routes.rules) - covering - live - len(routes.images if routes.image_paths else ())
    return counted(others, "rule") if others else ""


def _rendered(report: BuildReport) -> str:
    """The number of pages and files that this build made and kept."""
    changed = counted(len(report.changed), "file")
    files = f"{changed} changed" if report.kept else "everything is new"
    return f"{counted(report.rendered, 'page')}, {report.kept:,} kept; {files}"


def _live(report: BuildReport) -> str:
    """What the build knows of live pages."""
    live = report.live
    text = counted(live.routes, "route")
    if live.known:
        text += f", {live.critical:,} of {counted(live.known, 'known path')} rendered"
    if live.files:
        text += "; these files stay as they are until the next build"
    return text


def _deferred(report: BuildReport) -> str:
    text = f"{report.deferred:,} deferred"
    if report.page_limit is None or not report.deferred:
        return text
    return f"{text} of {report.page_limit:,} per deploy"


def _mb(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB"
