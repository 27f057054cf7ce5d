"""Visitors: ask servers at a steady rate, and note each answer. A program of its own.

    python load.py SECONDS RATE OUTPUT|- URL... -- PATH...

Each line of the output is a JSON list: begin, end (seconds since 1970), URL, path, status (0 if
there was no answer), and the version that the page shows, or -1.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

ANSWER_SECONDS = 10.0
VERSION = re.compile(rb"version=(\d+);")
Line = tuple[float, float, str, str, int, int]


async def visit(url: str, path: str) -> tuple[int, int]:
    """Ask once, on a connection of its own; returns the status and the version."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read(-1)
    finally:
        writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 "):
        return 0, -1
    length = re.search(rb"(?i)content-length: (\d+)", head)
    if length and int(length[1]) != len(body):
        return 0, -1  # cut off
    found = VERSION.search(body)
    return int(head[9:12]), int(found[1]) if found else -1


async def note(url: str, path: str, lines: list[Line]) -> None:
    """Visit, and note what came."""
    begin = time.time()
    try:
        status, version = await asyncio.wait_for(visit(url, path), ANSWER_SECONDS)
    except (OSError, TimeoutError):
        status, version = 0, -1
    lines.append((begin, time.time(), url, path, status, version))


async def run(seconds: float, rate: float, urls: list[str], paths: list[str]) -> list[Line]:
    """Visit every server and page in turn."""
    lines: list[Line] = []
    tasks: set[asyncio.Task[None]] = set()
    started = time.monotonic()
    for number in range(int(seconds * rate)):
        await asyncio.sleep(max(0.0, started + number / rate - time.monotonic()))
        url, path = urls[number % len(urls)], paths[(number // len(urls)) % len(paths)]
        task = asyncio.create_task(note(url, path, lines))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    if tasks:
        await asyncio.wait(tasks)
    return lines


def main(arguments: list[str]) -> None:
    """Run, and write the lines."""
    seconds, rate, output, *rest = arguments
    split = rest.index("--")
    lines = asyncio.run(run(float(seconds), float(rate), rest[:split], rest[split + 1 :]))
    text = "".join(json.dumps(line) + "\n" for line in lines)
    if output == "-":
        sys.stdout.write(text)
    else:
        Path(output).write_text(text)


if __name__ == "__main__":
    main(sys.argv[1:])
