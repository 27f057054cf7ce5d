"""Where the function finds a picture that is not in it: in its deploy, and nowhere else."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ssg.targets.netlify.images.emit_images import ORIGINALS, SOURCES
from tests.targets.netlify.images.function import NAME, asked, drawn, emitted, picture, saved

pytestmark = [pytest.mark.node, pytest.mark.xdist_group("netlify-images")]

BOAT = saved(drawn(300, 200), "png")
OTHER = saved(drawn(200, 300), "png")
OWN = picture("/blog/käse & (boat)+1.png", BOAT)
HIDDEN = picture("/hidden.png", OTHER)
MOVED = picture("/moved/boat.png", saved(drawn(90, 60), "png"))
CHANGED = picture("/changed.png", BOAT, sha256="00" * 32, digest="0" * 16)
FILES = {
    OWN.path[1:]: BOAT,
    f"_img/{HIDDEN.digest}-original.png": OTHER,
    CHANGED.path[1:]: BOAT,
    MOVED.path[1:]: saved(drawn(90, 60), "png"),
}


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder, and redirects what is in `/moved/`."""

    def do_GET(self) -> None:
        if self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", "/blog/boat.png")
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        """Write no log."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("function")
    emitted(folder, FILES, [OWN, HIDDEN, CHANGED, MOVED])
    shutil.rmtree(folder / NAME / ORIGINALS)
    return folder


@pytest.fixture(scope="module")
def origin(folder: Path) -> Iterator[str]:
    """A server with the publish folder of the site."""
    publish = folder.parent / f"{folder.name}-public"
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(publish)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


def test_a_picture_is_fetched_from_the_address_of_the_site(folder: Path, origin: str) -> None:
    paths = [f"/_img/{one.digest}-120x60-scale.png" for one in (OWN, HIDDEN, CHANGED, MOVED)]
    own, hidden, changed, moved = asked(folder, [("GET", path) for path in paths], URL=origin)
    assert own.image.size == (120, 60)
    assert hidden.image.size == (120, 60)
    assert changed.status == 500  # its bytes are not those of the build
    assert moved.status == 500  # no redirect is followed


def test_the_address_of_the_deploy_comes_first_and_the_next_is_tried(
    folder: Path, origin: str
) -> None:
    request = [("GET", f"/_img/{OWN.digest}-120x60-scale.png")]
    nowhere = "http://127.0.0.1:9"
    (found,) = asked(folder, request, DEPLOY_URL=nowhere, URL=origin)
    assert found.status == 200
    (found,) = asked(folder, request, DEPLOY_URL=origin, URL=nowhere)
    assert found.status == 200
    (without,) = asked(folder, request)
    assert (without.status, without.headers["cache-control"]) == (500, "no-store")


ORIGINS = """
const { originsFor } = require(process.argv[1]);
console.log(JSON.stringify(JSON.parse(process.argv[2]).map((one) => originsFor(...one))));
"""


def origins(*requests: tuple[str | None, ...], **variables: str) -> list[list[str]]:
    command = ["node", "-e", ORIGINS, str(SOURCES / "lib/origins.js"), json.dumps(requests)]
    done = subprocess.run(
        command, env={"PATH": "/usr/bin:/usr/local/bin", **variables}, capture_output=True,
        text=True, check=True, timeout=30,
    )  # fmt: skip
    found: list[list[str]] = json.loads(done.stdout)
    return found


def test_a_request_chooses_only_between_addresses_of_the_site() -> None:
    main = "https://www.example.org"
    evil = (
        "https://evil.example/x", "https://petsof.netlify.app.evil.example/x", "not a URL", None,
        "https://evil-petsof.netlify.app/x", "https://evil.example@petsof.example/x",
        "file:///etc/passwd", "https://xpetsof.netlify.app/", "https://petsof.netlify.app:99999/",
    )  # fmt: skip
    found = origins(*((one,) for one in evil), URL=main, SITE_NAME="petsof")
    assert found == [[main]] * len(evil)
    (preview, own) = origins(
        ("https://deploy-preview-7--petsof.netlify.app/x",),
        ("https://petsof.netlify.app/x", "65f0a1"),
        URL=main,
        SITE_NAME="petsof",
    )
    assert preview == ["https://deploy-preview-7--petsof.netlify.app", main]
    permalink = "https://65f0a1--petsof.netlify.app"
    assert own == [permalink, "https://petsof.netlify.app", main]
    assert origins(("https://x.netlify.app/",), URL=main) == [[main]]
    assert origins(("http://localhost:8888/x",), NETLIFY_DEV="true") == [["http://localhost:8888"]]


SLOW = """
const { Images } = require(process.argv[1] + '/lib/images.js');
const images = new Images(process.argv[1], { name: 'ssg-images', seconds: 1 });
const started = Date.now();
images.answer('GET', process.argv[2], [process.argv[3]]).then(({ status }) => {
  console.log(JSON.stringify([status, Date.now() - started]));
  process.exit(0);
});
"""


def test_a_deploy_that_does_not_answer_is_not_waited_for(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        origin = f"http://127.0.0.1:{silent.getsockname()[1]}"
        done = subprocess.run(
            ["node", "-e", SLOW, folder / NAME, f"/_img/{OWN.digest}-120x60-scale.png", origin],
            capture_output=True, text=True, check=True, timeout=30,
        )  # fmt: skip
    status, milliseconds = json.loads(done.stdout)
    assert status == 500
    assert 400 < milliseconds < 5_000
    assert "aborted due to timeout" in done.stderr
