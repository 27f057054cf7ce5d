"""The paths of the folders and files that a build writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ssg.config.load import Project
from ssg.config.target_registry import TARGETS
from ssg.model import texts

STATE_DIR = ".ssg"
WRITTEN_FILES = f"{STATE_DIR}/written.json"
"""The list of files that builds wrote, in messages."""
CHANGED_TAGS = f"{STATE_DIR}/changes.json"
"""The cache tags that differ between two builds, for `ssg purge --changed`."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of one build. `hosts_dir` is what the folders of a target are relative to."""

    root: Path
    output: Path
    state: Path
    hosts_dir: Path

    @classmethod
    def of(cls, project: Project) -> Layout:
        """The layout of `ssg build`."""
        root = project.root
        settings = project.settings
        folder = TARGETS[settings.target.name].publish_folder
        output = (root / settings.output_dir / folder).resolve()
        return cls(root, output, root / STATE_DIR, root)

    @classmethod
    def for_preview(cls, root: Path) -> Layout:
        """The layout of `ssg serve`: apart, so that drafts in a preview are not deployed."""
        state = root / STATE_DIR / "serve"
        return cls(root, state / "public", state, state)

    @property
    def is_preview(self) -> bool:
        """Whether this is the layout of `ssg serve`, whose files no other machine needs."""
        return self.hosts_dir == self.state

    @property
    def database(self) -> Path:
        return self.state / "site.db"

    @property
    def texts(self) -> Path:
        """The blocks of text that the database refers to."""
        return self.state / texts.FOLDER

    @property
    def search(self) -> Path:
        """Batches of the search index that the next build can reuse."""
        return self.state / "search"

    @property
    def dependencies(self) -> Path:
        """The dependencies of the pages of the last build."""
        return self.cache / "dependencies.db"

    @property
    def up_to_date(self) -> Path:
        """The note that shows a build whether it has nothing to do."""
        return self.cache / "up_to_date.json"

    @property
    def journal(self) -> Path:
        """The file changes of a build that is publishing."""
        return self.state / "journal.json"

    @property
    def manifest(self) -> Path:
        return self.state / "manifest.json"

    @property
    def tag_table(self) -> Path:
        """The tag table of the last build, with which the next one compares itself."""
        return self.state / "tags.bin"

    @property
    def changes(self) -> Path:
        """The tags that differ from the build before, or from the one that is live."""
        return self.state / Path(CHANGED_TAGS).name

    @property
    def cache(self) -> Path:
        """Caches of builds, and the responses that `ssg serve` keeps."""
        return self.state / "cache"

    @property
    def file_facts(self) -> Path:
        """Digests of the files that builds copy. `ssg build` and `ssg serve` share them."""
        return self.root / STATE_DIR / "cache" / "files.bin"

    @property
    def images(self) -> Path:
        """What was made of pictures, for all builds of the site: `ssg serve` shares it."""
        return self.root / STATE_DIR / "images"

    @property
    def card_files(self) -> Path:
        """The fonts of cards."""
        return self.images / "card-files"

    @property
    def variants(self) -> Path:
        """The cache of variants, which no build deletes."""
        return self.images / "variants"

    @property
    def written_files(self) -> Path:
        return self.state / "written.json"
