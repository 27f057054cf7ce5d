"""Opens logs: files, files that gzip packed, and standard input; and cuts them into lines.

Memory is bounded: a file is read in blocks, and a line that is too long is dropped as it is read.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from ssg.model.errors import Location, LogError, Problem

BLOCK_BYTES = 1 << 20
MAX_LINE = 16_384
STDIN = "-"
_GZIP = b"\x1f\x8b"
TOO_LONG = "\x00"
"""What stands for a line that is too long; no format has it."""


@contextlib.contextmanager
def open_log(name: str) -> Iterator[Iterator[str]]:
    """Open a log by its name; `-` is standard input. Gives its text in blocks. Raises LogError."""
    try:
        with contextlib.ExitStack() as stack:
            stream = _open(name, stack)
            yield _blocks(stream)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LogError(Problem(f"cannot read the log: {reason}", Location(name))) from error


def _open(name: str, stack: contextlib.ExitStack) -> BinaryIO:
    if name == STDIN:
        buffered = cast(io.BufferedReader, sys.stdin.buffer)
    else:
        buffered = stack.enter_context(Path(name).open("rb"))  # noqa: SIM115 the stack closes it
    if buffered.peek(len(_GZIP)).startswith(_GZIP):
        return cast(BinaryIO, stack.enter_context(gzip.open(buffered, "rb")))
    return buffered


def _blocks(stream: BinaryIO) -> Iterator[str]:
    """Blocks that end with a line, or are a part of a long one. Bytes that are not UTF-8 stay."""
    rest = b""
    while block := stream.read(BLOCK_BYTES):
        whole, newline, rest = (rest + block).rpartition(b"\n")
        if len(rest) > BLOCK_BYTES:
            whole, newline, rest = whole + newline + rest, b"", b""
        if whole or newline:
            yield (whole + newline).decode("utf-8", "surrogateescape")
    if rest:
        yield rest.decode("utf-8", "surrogateescape")


def lines_of(blocks: Iterable[str]) -> Iterator[str]:
    """The lines of a text in blocks. A line that is too long is `TOO_LONG`."""
    part = ""
    for block in blocks:
        lines = block.split("\n")
        lines[0] = part + lines[0]
        part = lines.pop()
        if len(part) > MAX_LINE:
            part = TOO_LONG * (MAX_LINE + 1)
        for line in lines:
            yield line if len(line) <= MAX_LINE else TOO_LONG
    if part:
        yield part if len(part) <= MAX_LINE else TOO_LONG
