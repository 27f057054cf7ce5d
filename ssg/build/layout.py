"""Where a build puts things."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ssg.config.load import Project

STATE_DIR = ".ssg"


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of one build. `hosts_dir` is what the folders of a target are relative to."""

    root: Path
    output: Path
    state: Path
    hosts_dir: Path

    @classmethod
    def of(cls, project: Project) -> Layout:
        """Where `ssg build` puts things."""
        root = project.root
        output = (root / project.settings.output_dir).resolve()
        return cls(root, output, root / STATE_DIR, root)

    @classmethod
    def for_preview(cls, root: Path) -> Layout:
        """Where `ssg serve` puts things, so that no draft of a preview is ever deployed."""
        state = root / STATE_DIR / "serve"
        return cls(root, state / "public", state, state)

    @property
    def database(self) -> Path:
        return self.state / "site.db"

    @property
    def manifest(self) -> Path:
        return self.state / "manifest.json"

    @property
    def cache(self) -> Path:
        """Where `ssg serve` keeps the responses of the builder."""
        return self.state / "cache"

    @property
    def ledger(self) -> Path:
        return self.state / "written.json"

    @property
    def work(self) -> Path:
        """Where a build works until it is whole. On the file system of `output`, for renames."""
        return self.output.parent / f".{self.output.name}.ssg"
