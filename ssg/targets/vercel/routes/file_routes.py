"""Routes for the paths of files that differ from their names.

The preview, as Netlify, finds `about.html` for `/about` and `/about/`, and redirects `/blog` to
`/blog/` where that is the folder of a page. Vercel finds `index.html` at both paths, and
`about.html` only at its own. So these paths are listed, in few expressions; unknown paths stay
unknown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from ssg.redirects.matching.static_files import file_finder
from ssg.runtime.dialects import REVALIDATED
from ssg.targets.vercel.capabilities import MAX_CHARACTERS
from ssg.targets.vercel.routes.expressions import one_of
from ssg.targets.vercel.routes.route import VercelRoute

_HTML = ".html"
_INDEX = "/index.html"
_LIMIT = MAX_CHARACTERS - len("^()(?:/)?$")


def file_routes(files: Collection[str]) -> Iterator[VercelRoute]:
    """The routes for the files of a publish folder, by their names."""
    find_file = file_finder(files)
    folders = (f"/{name}".removesuffix(_INDEX) for name in files if f"/{name}".endswith(_INDEX))
    to_folder = [path for path in folders if path and find_file(path) == f"{path[1:]}{_INDEX}"]
    headers = {"Location": "$1/", "Cache-Control": REVALIDATED}
    for source in one_of(to_folder, _LIMIT):
        yield VercelRoute(f"^({source})$", status=301, headers=headers)
    names = [f"/{name}".removesuffix(_HTML) for name in files if _is_page_file(name)]
    without = {path for path in names if find_file(path) == f"{path[1:]}{_HTML}"}
    with_slash = {path for path in names if find_file(f"{path}/") == f"{path[1:]}{_HTML}"}
    yield from _to_file(without & with_slash, "/?")
    yield from _to_file(without - with_slash, "")
    yield from _to_file(with_slash - without, "/")


def _is_page_file(name: str) -> bool:
    return name.endswith(_HTML) and not f"/{name}".endswith(_INDEX)


def _to_file(paths: Iterable[str], end: str) -> Iterator[VercelRoute]:
    for source in one_of(paths, _LIMIT):
        yield VercelRoute(f"^({source}){end}$", f"$1{_HTML}")
