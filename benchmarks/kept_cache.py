"""Deploys that keep the cache: warm pages of the preview's store, before and after an edit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from ssg.cli.preview import SiteRebuilder
from ssg.edge.app import Edge
from ssg.edge.cache_key import key_of_page, request_for
from ssg.edge.events import AnswerSource
from ssg.edge.page_function import function_in_process
from ssg.edge.storage.disk_store import DiskStore
from ssg.model.queries.site import Site
from ssg.preview.deployment import PreviewDeployment

Figures = dict[str, Any]
Edit = Callable[[str, int], str]


class WarmSite:
    """A site that keeps its cache, served in this process from the store of the preview."""

    def __init__(self, root: Path, rebuilder: SiteRebuilder) -> None:
        self.edge = Edge(DiskStore(root / "warm", print), lambda _: None)
        self._rebuilder = rebuilder
        self.deploy()

    def deploy(self) -> float:
        """Build the site and serve it; returns the seconds that the edge takes."""
        self.deployment: PreviewDeployment = self._rebuilder.build()
        started = time.perf_counter()
        self.edge.deploy(self.deployment)
        return time.perf_counter() - started

    def ask(self) -> Iterator[tuple[str, bool, bool]]:
        """Each deferred page: its path, whether it was cached, and whether it is up to date."""
        assert self.deployment.info
        database = self.deployment.info.database
        with closing(Site.open(database)) as site:
            paths = list(site.deferred_paths())
        address = self.deployment.function or ""
        fresh = function_in_process(database, address, self.deployment.deferred_headers)
        assert self.edge.served
        pages = self.edge.served.pages
        for path in paths:
            reply = pages.wait("GET", key := key_of_page(path))
            is_same = reply.entry.body == fresh(request_for(key)).body
            yield path, reply.source is AnswerSource.HIT, is_same


def rebuilder_of(root: Path) -> SiteRebuilder:
    """Builds a site for the preview, without drafts."""
    return SiteRebuilder(root, None, "https://example.org/", (False, False, False), "python")


@contextmanager
def warm_site(root: Path) -> Iterator[WarmSite]:
    """A site whose `ssg.toml` has `kind = "function"` and `keep_cache = true`, all pages warm."""
    with rebuilder_of(root) as rebuilder:
        site = WarmSite(root, rebuilder)
        for path, _, is_same in site.ask():
            assert is_same, path
        yield site


def kept_cache(root: Path, source: Path, edits: Mapping[str, Edit]) -> Figures:
    """Edits a post in different ways, each after the other."""
    config = root / "ssg.toml"
    kept = 'name = "netlify"\nkind = "function"\nkeep_cache = true\n'
    config.write_text(config.read_text().replace('name = "netlify"\n', kept))
    figures: Figures = {}
    with warm_site(root) as site:
        for name, edit in edits.items():
            source.write_text(edit(source.read_text(), time.time_ns()))
            figures[f"{name}_deploy_ms"] = site.deploy() * 1000
            answers = list(site.ask())
            figures["pages"] = len(answers)
            figures[f"{name}_hits"] = sum(is_hit for _, is_hit, _ in answers)
            figures[f"{name}_hit_share"] = figures[f"{name}_hits"] / len(answers)
            figures[f"{name}_stale"] = sum(not is_same for *_, is_same in answers)
    return figures
