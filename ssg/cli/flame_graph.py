"""A flame graph of a build, made by pyinstrument, which samples the stack each millisecond."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from ssg.model.errors import ConfigError, Problem

INTERVAL_SECONDS = 0.001
_SUFFIXES = (".html", ".json")


@contextlib.contextmanager
def flame_graph(file: Path) -> Iterator[None]:
    """Sample the code that runs in this context, and write a page, or JSON for speedscope.

    Raises ConfigError before anything runs if the file cannot be written.
    """
    if file.suffix not in _SUFFIXES:
        hint = f"Use a name that ends in {' or '.join(_SUFFIXES)}"
        raise ConfigError(Problem(f"a flame graph cannot be written to {file}", None, hint))
    if not file.parent.is_dir():
        raise ConfigError(Problem(f"the folder {file.parent} for the flame graph does not exist"))
    try:
        # It loads in 90 ms, and few builds are measured.
        from pyinstrument import Profiler
        from pyinstrument.renderers import HTMLRenderer, SpeedscopeRenderer
    except ImportError as error:
        problem = Problem("--flame needs pyinstrument", None, 'Run pip install "ssg[profile]"')
        raise ConfigError(problem) from error
    with Profiler(interval=INTERVAL_SECONDS) as profiler:
        yield
    renderer = HTMLRenderer() if file.suffix == ".html" else SpeedscopeRenderer()
    file.write_text(profiler.output(renderer), "utf-8")
