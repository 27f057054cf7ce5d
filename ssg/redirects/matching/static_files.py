"""Find the static file that answers a URL path.

Source: https://docs.netlify.com/manage/routing/redirects/redirect-options/ (shadowing), and
Netlify's CLI, which finds a page with and without its trailing slash or the extension `.html`.
"""

from __future__ import annotations

from collections.abc import Callable, Container

FindFile = Callable[[str], str | None]
"""Maps a decoded URL path to the file that answers it, relative to the publish folder."""

NOT_SERVED = frozenset({"_redirects", "_headers", "netlify.toml"})
"""Files of the publish folder that the host reads and does not serve."""

EXACT_SUFFIXES = (
    ".html",
    ".htm",
    ".png",
    ".jpg",
    ".js",
    ".css",
    ".svg",
    ".gif",
    ".ico",
    ".woff",
    ".woff2",
)
"""A path with one of these endings is the name of a file; nothing is added to it."""


def candidate_files(path: str) -> tuple[str, ...]:
    """The files that may answer a decoded URL path, the preferred one first.

    The names are relative to the publish folder and never leave it: a path with an empty segment,
    `.` or `..` has no file.
    """
    name = path.removeprefix("/")
    if name == "":
        return ("index.html",)
    parts = name.removesuffix("/").split("/")
    if not {"", ".", ".."}.isdisjoint(parts) or "\0" in name or "\\" in name:
        return ()
    if name.endswith("/"):
        return (f"{name}index.html", f"{name.rstrip('/')}.html")
    if name.endswith(EXACT_SUFFIXES):
        return (name,)
    return (name, f"{name}.html", f"{name}/index.html")


def answered_paths(name: str) -> tuple[str, ...]:
    """The paths that a file may answer: the inverse of `candidate_files`."""
    paths = [name]
    if name.endswith("index.html"):
        folder = name.removesuffix("index.html")
        paths += [folder, folder.removesuffix("/")]
    if name.endswith(".html"):
        paths += [name.removesuffix(".html"), f"{name.removesuffix('.html')}/"]
    return tuple(f"/{path}" for path in paths)


def file_finder(files: Container[str]) -> FindFile:
    """Make a `FindFile` from the names of all files."""

    def find_file(path: str) -> str | None:
        found = (name for name in candidate_files(path) if name in files and name not in NOT_SERVED)
        return next(found, None)

    return find_file
