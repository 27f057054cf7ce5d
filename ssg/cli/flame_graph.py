"""A flame graph of a build, by pyinstrument: it looks at the stack of calls every millisecond."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from ssg.model.errors import ConfigError, Problem

INTERVAL_SECONDS = 0.001
_SUFFIXES = (".html", ".json")


@contextlib.contextmanager
def flame_graph(file: Path) -> Iterator[None]:
    """Write what runs meanwhile to a file: a page, or JSON for https://www.speedscope.app/.

    Raises ConfigError where it cannot be written, before anything runs.
    """
    if file.suffix not in _SUFFIXES:
        hint = f"Let its name end in {' or '.join(_SUFFIXES)}"
        raise ConfigError(Problem(f"a flame graph cannot be written to {file}", None, hint))
    if not file.parent.is_dir():
        raise ConfigError(Problem(f"there is no folder {file.parent} for the flame graph"))
    try:
        # Loads in 90 ms, and few builds are looked at.
        from pyinstrument import Profiler
        from pyinstrument.renderers import HTMLRenderer, SpeedscopeRenderer
    except ImportError as error:
        problem = Problem("--flame needs pyinstrument", None, 'Run pip install "ssg[profile]"')
        raise ConfigError(problem) from error
    with Profiler(interval=INTERVAL_SECONDS) as profiler:
        yield
    renderer = HTMLRenderer() if file.suffix == ".html" else SpeedscopeRenderer()
    file.write_text(profiler.output(renderer), "utf-8")
