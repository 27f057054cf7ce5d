"""The API of a site with live pages: `/doc/3` has the version that a file has. A program.

python api.py ADDRESS PORT FOLDER
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder: Path

    def do_GET(self) -> None:
        number = self.path.rpartition("/")[2]
        file = self.folder / number
        is_there = number.isdecimal() and file.is_file()
        body = {"name": number, "version": int(file.read_text())} if is_there else {}
        data = json.dumps(body).encode()
        self.send_response(200 if is_there else 404)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


def main(arguments: list[str]) -> None:
    """Answer for ever."""
    address, port, folder = arguments
    _Handler.folder = Path(folder)
    ThreadingHTTPServer((address, int(port)), _Handler).serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
