"""What earlier builds wrote, so that a later one may remove it, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Ledger:
    """Files by publish folder, and the folders of targets, relative to the root."""

    outputs: Mapping[str, Names] = field(default_factory=dict)
    folders: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path, root: Path) -> Ledger:
        """The ledger as the last build left it; an empty one if there is none to be read.

        Folders in the site's `root` are kept relative to it, so that a site can be moved.
        """
        try:
            values = json.loads(path.read_text("utf-8"))
            outputs = {
                str(root / folder): frozenset(names) for folder, names in values["outputs"].items()
            }
            return cls(outputs, tuple(values["folders"]))
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return cls()

    def write(self, path: Path, root: Path) -> None:
        outputs = {_below(root, folder): sorted(names) for folder, names in self.outputs.items()}
        values = {"folders": self.folders, "outputs": outputs}
        path.write_text(json.dumps(values, ensure_ascii=False), "utf-8")

    def files_in(self, output: Path) -> Names:
        """The files that ssg wrote into `output`."""
        return self.outputs.get(str(output), frozenset())

    def with_build(self, output: Path, files: Names, folders: tuple[str, ...]) -> Ledger:
        """The ledger after a build into `output`. Folders that are gone are forgotten."""
        others = {name: kept for name, kept in self.outputs.items() if Path(name).is_dir()}
        return Ledger({**others, str(output): files}, folders)


def _below(root: Path, folder: str) -> str:
    path = Path(folder)
    return str(path.relative_to(root)) if path.is_relative_to(root) else folder
