"""The reference of the code is made when the documentation is built: nothing of it is a file."""

import sys
from pathlib import Path

if (here := str(Path(__file__).parent)) not in sys.path:
    sys.path.insert(0, here)

from reference.pages import pages
from ssg.content.build_hooks import BuildHooks


def setup(hooks: BuildHooks) -> None:
    """Have the pages made at each build."""
    hooks.on_sources(pages)
