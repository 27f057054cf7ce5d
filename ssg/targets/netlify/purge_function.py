"""The function that purges: `POST /_ssg/purge`, beside the function that answers deferred pages.

It is a few kilobytes of JavaScript without packages. `kind = "function"` has it; responses of
On-demand Builders have no tags.
"""

from __future__ import annotations

from pathlib import Path

from ssg.targets.netlify.function import function_settings

SOURCES = Path(__file__).parent / "purge"
ENTRY = "ssg-purge.mjs"


def purge_function_name(pages: str) -> str:
    """The name of the function, by that of the function of pages."""
    return f"{pages}-purge"


def write_purge_function(folder: Path, name: str) -> None:
    """Write the function into an empty folder."""
    for source in sorted(SOURCES.glob("*.mjs")):
        target = f"{name}.mjs" if source.name == ENTRY else source.name
        (folder / target).write_bytes(source.read_bytes())
    settings = function_settings(name, "Purges cached pages")
    (folder / f"{name}.json").write_text(settings, "utf-8")
