"""Routes that lead deferred pages to the function.

A plain function gets the paths that covering rules match. A Prerender function has one lifetime for
all of its pages, so there is one for each that pages have, and a route must find it by the path:

1. The pages are a tree of folders. Each folder gets the lifetime that most of its pages and folders
   have, from the deepest folder up.
2. A folder needs a route only if its lifetime differs from that of the folder around it, and a page
   only if it differs from its folder. Deeper routes come first.
3. Live pages have the lifetime of their route. Their expressions come before those of folders, and
   after the deferred pages that they match and that have another lifetime.

A Prerender function does not get the path of a request, only the query that its configuration
allows. So the route puts the path there. A path with characters that mean something in a query goes
to the plain function, which is linked beside: such a page is not cached.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from urllib.parse import unquote

from ssg.redirects.matching.pattern import compile_path
from ssg.redirects.rule import SPLAT, RedirectRule
from ssg.targets.target import HostRules
from ssg.targets.vercel.capabilities import MAX_CHARACTERS
from ssg.targets.vercel.routes.expressions import one_of, rule_path, text
from ssg.targets.vercel.routes.lifetimes import Lifetime, Lifetimes
from ssg.targets.vercel.routes.route import VercelRoute

PATH_PARAMETER = "ssgpath"
"""The query parameter with the path of a request, in the URL that a Prerender function gets."""

_SAFE = "(?:[^%&+;]|%[89A-Fa-f][0-9A-Fa-f])*"
"""The rest of a path whose characters mean nothing in a query: others than ASCII may be encoded."""
_SEGMENT = "(?:[^/%&+;]|%[89A-Fa-f][0-9A-Fa-f])+"
"""One segment of such a path."""
_LIMIT = MAX_CHARACTERS - len(f"^()$(?<{PATH_PARAMETER}>)(?:/{_SAFE})?/?")


_FOREVER = Lifetime(None)


@dataclass(slots=True)
class _Folder:
    """A folder of deferred pages. The page at its own path has the name ''."""

    folders: dict[str, _Folder] = field(default_factory=dict)
    pages: dict[str, Lifetime] = field(default_factory=dict)
    lifetime: Lifetime = _FOREVER


@dataclass(frozen=True, slots=True)
class _Exception:
    """A page or a folder whose lifetime differs from that of the folder around it."""

    path: str
    lifetime: Lifetime
    is_folder: bool = False

    @property
    def rank(self) -> tuple[bool, int, str]:
        """The order of routes: pages, then folders, the deepest first."""
        depth = self.path.count("/") if self.is_folder else 0
        return self.is_folder, -depth, self.lifetime.name


def function_routes(rules: HostRules, address: str) -> Iterator[VercelRoute]:
    """The routes that lead to a plain function."""
    for path in _covered(rules.covering):
        yield VercelRoute(
            _source(text(path.removesuffix(SPLAT).rstrip("/")), path.endswith(SPLAT)), address
        )

    for path in dict.fromkeys(rule.from_path for rule in rules.to_function[len(rules.covering) :]):
        yield VercelRoute(rule_path(path, captures=False).source, address)


def prerender_routes(
    covering: Iterable[RedirectRule], lifetimes: Lifetimes, address: str
) -> Iterator[VercelRoute]:
    """The routes that lead to Prerender functions, `ADDRESS/LIFETIME`."""
    pages = lifetimes.pages
    yield from _live_routes(lifetimes, address)
    for path in _covered(covering):
        if not path.endswith(SPLAT):
            lifetime = next(found for page, found in pages if page == path)
            yield _prerender(text(path.removesuffix("/")), lifetime, address, is_folder=False)
            continue
        start = path.removesuffix(SPLAT)
        inside = [(page, lifetime) for page, lifetime in pages if page.startswith(start)]
        yield from _folder_routes(start, inside, address)


def _covered(covering: Iterable[RedirectRule]) -> Iterator[str]:
    """The decoded paths of covering rules, which are written encoded, too."""
    yield from dict.fromkeys(unquote(rule.from_path) for rule in covering)


def _live_routes(lifetimes: Lifetimes, address: str) -> Iterator[VercelRoute]:
    """Those of live pages, after the deferred pages that they match with another lifetime."""
    live = [(compile_path(path), lifetime) for path, lifetime in lifetimes.live.items()]
    exceptions = []
    for path, lifetime in lifetimes.pages if live else ():
        matched = next((one for pattern, one in live if pattern.matches(path)), lifetime)
        if matched != lifetime:
            exceptions.append(_Exception(path.removesuffix("/"), lifetime))
    yield from _exception_routes(exceptions, address)
    for path, lifetime in lifetimes.live.items():
        parts = (_SEGMENT if one.startswith(":") else text(one) for one in path.split("/"))
        yield _prerender("/".join(parts), lifetime, address, is_folder=False)


def _folder_routes(
    start: str, pages: Sequence[tuple[str, Lifetime]], address: str
) -> Iterator[VercelRoute]:
    lifetimes = Counter(lifetime for _, lifetime in pages)
    if len(lifetimes) > 1:
        root = _tree(start, pages)
        yield from _exception_routes(_exceptions(root, start.rstrip("/")), address)
        lifetimes = Counter([root.lifetime])
    (lifetime,) = lifetimes
    yield _prerender(text(start.rstrip("/")), lifetime, address, is_folder=True)


def _tree(start: str, pages: Iterable[tuple[str, Lifetime]]) -> _Folder:
    root = _Folder()
    for path, lifetime in pages:
        *folders, name = path.removeprefix(start).split("/")
        node = root
        for folder in folders:
            node = node.folders.setdefault(folder, _Folder())
        node.pages[name] = lifetime
    _choose(root)
    return root


def _choose(node: _Folder) -> None:
    """Give each folder the lifetime with the fewest exceptions."""
    for folder in node.folders.values():
        _choose(folder)
    counts = Counter(node.pages.values())
    counts.update(folder.lifetime for folder in node.folders.values())
    node.lifetime = max(sorted(counts, key=_order), key=counts.__getitem__)


def _order(lifetime: Lifetime) -> tuple[float, float]:
    return lifetime.order


def _exceptions(node: _Folder, path: str) -> Iterator[_Exception]:
    for name, lifetime in node.pages.items():
        if lifetime != node.lifetime:
            yield _Exception(f"{path}/{name}".removesuffix("/"), lifetime)
    for name, folder in node.folders.items():
        inner = f"{path}/{name}"
        if folder.lifetime != node.lifetime:
            yield _Exception(inner, folder.lifetime, is_folder=True)
        yield from _exceptions(folder, inner)


def _exception_routes(found: Iterable[_Exception], address: str) -> Iterator[VercelRoute]:
    for rank, group in groupby(sorted(found, key=_rank), _rank):
        each = list(group)
        for source in one_of((one.path for one in each), _LIMIT):
            yield _prerender(source, each[0].lifetime, address, is_folder=rank[0])


def _rank(one: _Exception) -> tuple[bool, int, str]:
    return one.rank


def _prerender(path: str, lifetime: Lifetime, address: str, *, is_folder: bool) -> VercelRoute:
    end = f"(?:/{_SAFE})?" if is_folder else "/?"
    destination = f"{address}/{lifetime.name}?{PATH_PARAMETER}=${PATH_PARAMETER}"
    return VercelRoute(f"^(?<{PATH_PARAMETER}>{path}{end})$", destination)


def _source(path: str, is_folder: bool) -> str:
    return f"^{path}{'(?:/.*)?' if is_folder else '/?'}$"
