"""The measured generators: `ssg`, and the peers of a folder that can run them."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import ssg
from benchmarks.corpus import write_site

SITE = Path(__file__).parent / "site"
"""Configuration and templates, as minimal as those of the peers."""


class Contestant(Protocol):
    """A generator on one machine."""

    name: str
    version: str

    def site(self, posts: int) -> Path:
        """A clean folder with a site of `posts` posts."""

    def clean(self, site: Path) -> None:
        """Removes what builds left."""

    def command(self, *, again: bool = False) -> Sequence[object]:
        """The build command; `again`: the fastest one after a small change."""

    def environment(self) -> Mapping[str, str]: ...

    def post(self, site: Path, number: int) -> Path:
        """The source of a post."""

    def check(self, site: Path, posts: int) -> None:
        """Raises if a page is missing."""


class Ssg:
    """This project, for one target."""

    def __init__(
        self, base: Path, target: str, peers: ModuleType | None = None, kind: str = "builder"
    ) -> None:
        self.name = "ssg" if target == "static" else "ssg, deferred"
        self.version = ssg.__version__
        self._base, self._target, self._peers, self._kind = base, target, peers, kind

    def site(self, posts: int) -> Path:
        root = self._base / f"ssg-{self._target}-{self._kind}" / str(posts)
        if not root.is_dir():
            root.mkdir(parents=True)
            self._write(root, posts)
        return root

    def _write(self, root: Path, posts: int) -> None:
        if self._peers is None:
            write_site(root, posts)
        else:
            self._peers.corpus.write_corpus(str(root), posts, "ssg", 700)
        shutil.copytree(SITE, root, dirs_exist_ok=True)
        config = root / "ssg.toml"
        kind = f'[target]\nkind = "{self._kind}"\n'
        config.write_text(config.read_text("utf-8").replace("[target]\n", kind), "utf-8")

    def clean(self, site: Path) -> None:
        for name in ("public", ".ssg", ".netlify"):
            shutil.rmtree(site / name, ignore_errors=True)

    def command(self, *, again: bool = False) -> Sequence[object]:  # noqa: ARG002 it is always incremental
        return [sys.executable, "-m", "ssg", "build", "--quiet", "--target", self._target]

    def environment(self) -> Mapping[str, str]:
        return {"PYTHONDONTWRITEBYTECODE": ""}  # an installed package has its bytecode

    def post(self, site: Path, number: int) -> Path:
        return site / "content" / "posts" / f"post-{number:06d}.md"

    def check(self, site: Path, posts: int) -> None:
        count = sum(1 for _ in (site / "public").rglob("*.html"))
        wanted = posts if self._target == "static" else 20
        assert count >= wanted, f"{count} pages of {wanted}"


class Peer:
    """A peer of `run.py`, behind the interface of `Contestant`."""

    def __init__(self, peer: Any, peers: ModuleType) -> None:
        peer.install(system=False)
        self.name, self.version = peer.name, peer.version()
        self._peer, self._peers = peer, peers

    def site(self, posts: int) -> Path:
        return Path(self._peer.site(posts, 700))

    def clean(self, site: Path) -> None:
        self._peer.clean(site)

    def command(self, *, again: bool = False) -> Sequence[object]:
        command: Sequence[object] = self._peer.build(incremental=again)
        return command

    def environment(self) -> Mapping[str, str]:
        return {**self._peers.ENV, **self._peer.env()}

    def post(self, site: Path, number: int) -> Path:
        return Path(self._peers.corpus.post_path(str(site), self.name, number))

    def check(self, site: Path, posts: int) -> None:
        corpus = self._peers.corpus.Corpus(700)
        facts = {number: corpus.meta(number)[0] for number in (1, posts // 2, posts - 1)}
        titles = {number: (one["title"], one["tags"]) for number, one in facts.items()}
        self._peer.check(site, posts, titles)


def load_peers(folder: Path) -> ModuleType | None:
    """The peers' `run.py`, if the folder exists."""
    file = folder / "run.py"
    if not file.is_file():
        return None
    spec = importlib.util.spec_from_file_location("peers_run", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def peers_of(module: ModuleType, names: Sequence[str]) -> Iterator[Contestant]:
    """The peers that can be installed here; prints the others with the reason."""
    for name in names:
        try:
            yield Peer(module.PEERS[name](), module)
        except (module.Skip, OSError, RuntimeError) as error:
            print(f"  skipped {name}: {error}", file=sys.stderr)
