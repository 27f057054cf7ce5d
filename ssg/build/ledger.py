"""What an earlier build wrote, so that a later one may remove it, and nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ledger:
    """Files in the publish folder by name, and the folders of targets relative to the root."""

    output: str = ""
    files: frozenset[str] = frozenset()
    folders: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Ledger:
        """The ledger of the last build; an empty one if there is none that can be read."""
        try:
            values = json.loads(path.read_text("utf-8"))
            return cls(values["output"], frozenset(values["files"]), tuple(values["folders"]))
        except (OSError, ValueError, KeyError, TypeError):
            return cls()

    def write(self, path: Path) -> None:
        values = {"output": self.output, "folders": self.folders, "files": sorted(self.files)}
        path.write_text(json.dumps(values, ensure_ascii=False), "utf-8")

    def files_in(self, output: Path) -> frozenset[str]:
        """The files that ssg wrote into `output`."""
        return self.files if self.output == str(output) else frozenset()
