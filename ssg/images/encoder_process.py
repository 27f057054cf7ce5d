"""A process that decodes and encodes pictures: `python -m ssg.images.encoder_process`.

It reads jobs from standard input, a line for each, and writes results to standard output. It ends
when standard input does, so when its parent ends, however that happens. Decoders are C code that
reads files of strangers: a limit of memory and an alarm for each job, both set here, hold even if
nobody watches the process any more.
"""

from __future__ import annotations

import os
import signal
import sys
from argparse import ArgumentParser
from typing import BinaryIO

from ssg.images.decoding import load_plugins
from ssg.images.encoding_job import EncodingJob, write_error, write_result
from ssg.images.picture_error import PictureError
from ssg.images.run_job import run_job

GRACE_SECONDS = 2.0
"""The parent ends a slow process first, unless it has ended itself."""


def main(arguments: list[str] | None = None) -> None:
    """Do jobs until there are no more."""
    parser = ArgumentParser()
    parser.add_argument("--memory-bytes", type=int, required=True)
    parser.add_argument("--max-pixels", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends the jobs
    output = _own_output()
    load_plugins()
    _limit_memory(options.memory_bytes)
    for line in sys.stdin.buffer:
        _set_alarm(options.seconds + GRACE_SECONDS)
        _answer(line, output, options.max_pixels)
        _set_alarm(0)


def _answer(line: bytes, output: BinaryIO, max_pixels: int) -> None:
    try:
        result = run_job(EncodingJob.from_line(line), max_pixels)
    except PictureError as error:
        write_error(output, error)
    except MemoryError:
        write_error(output, PictureError("needs more memory than a picture may"))
    except Exception as error:  # one picture must not end the build of all
        write_error(output, PictureError(f"cannot be encoded: {type(error).__name__}: {error}"))
    else:
        write_result(output, result)


def _own_output() -> BinaryIO:
    """Standard output for results alone: what libraries print goes to standard error."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return output


def _limit_memory(memory_bytes: int) -> None:
    """Limit the address space. Where there is no such limit, that of pixels has to do."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 Windows does not have it

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def _set_alarm(seconds: float) -> None:
    """End the process after some seconds, even within C code; never if 0."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main()
