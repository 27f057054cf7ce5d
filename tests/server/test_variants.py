"""`ssg start` makes variants of pictures on their first request."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from ssg.edge.images import encoders
from ssg.edge.images.encoders import Encoders
from ssg.edge.images.site_images import SiteImages
from ssg.images.encoder_pool import EncoderPool
from ssg.images.picture_error import PictureError
from ssg.images.variant_cache import VariantCache
from ssg.model.errors import ServeError
from ssg.model.images.variant import Variant
from ssg.model.queries.site import Site
from ssg.runtime.variant_lookup import FoundVariant
from ssg.server.release import deployment_of, find_release
from ssg.server.settings import ServerSettings
from ssg.server.site import ServedSite
from tests.images.pictures import encoded, photo
from tests.picture_host import picture_host
from tests.ports import free_port
from tests.server.started import Started, started
from tests.server.test_follow import until
from tests.server.test_metrics import numbers
from tests.server_site import SERVER_SITE, build_for_server

pytest.importorskip("prometheus_client")
pytestmark = pytest.mark.xdist_group("variants of a server")

SITE = {
    **SERVER_SITE,
    "ssg.toml": f"""{SERVER_SITE["ssg.toml"]!s}
[images]
widths = [64, 128]
addresses = ["/img/{{file}}/{{width}}", "/pictures/{{file}}/{{width}}"]
[[deferred.rules]]
kind = "image"
match = "**"
""",
    "static/_redirects": """\
/generated/image url=:url w=:w /img/:url/:w 301!
/pictures/:url/:w /.netlify/builders/ssg-images 200
""",
}
BOAT = encoded(photo(240, 160), "JPEG")
LASTING = "public, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("site")
    built = build_for_server(root, {**SITE, "static/boat.jpg": BOAT})
    assert not [one for one in built.report.warnings if "pass" in one.message]
    return root


@pytest.fixture(scope="module")
def variant(root: Path) -> Variant:
    with closing(Site.open(root / "dist/site.db")) as site:
        picture = site.picture("/boat.jpg")
        assert picture is not None
        found = site.find_variant(f"/_img/{picture.digest}-128.webp")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def server(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Started, int]]:
    """One server for all tests: two processes, with metrics."""
    port = free_port()
    words = ("--workers", "2", "--encoders", "1", "--metrics-port", str(port))
    with started(tmp_path_factory.mktemp("run"), str(root / "dist"), *words) as server:
        yield server, port
        encoding = children_of(server.process.pid)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(15) == 0
        until(lambda: not [one for one in encoding if is_alive(one)])


def children_of(pid: int) -> list[int]:
    """The processes of encoders below a server."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()[1:]]
    parents = {pid, *(int(one) for one, parent, _ in rows if int(parent) == pid)}
    return [int(p) for p, parent, args in rows if int(parent) in parents and "encoder_pro" in args]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_twenty_at_once_in_two_processes_are_one(
    server: tuple[Started, int], variant: Variant
) -> None:
    started, metrics = server
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: started.get(variant.path), range(20)))
    assert {status for status, _, _ in answers} == {200}
    assert len({body for _, _, body in answers}) == 1
    assert {headers["cache-control"] for _, headers, _ in answers} == {LASTING}
    assert len({headers["etag"] for _, headers, _ in answers}) == 1
    until(lambda: numbers(metrics).get("ssg_variants_made_total") == 1)
    assert numbers(metrics)["ssg_waiting_variants"] == 0


def test_bytes_are_those_of_the_encoder(
    server: tuple[Started, int], root: Path, variant: Variant, tmp_path: Path
) -> None:
    with EncoderPool() as pool:
        images = SiteImages(
            root / "dist/site.db", "ssg-images", (root / "static",), VariantCache(tmp_path), pool
        )
        assert server[0].get(variant.path)[2] == images.make(variant).data


@pytest.mark.parametrize(
    "path",
    [
        "/img/boat.jpg/64",
        "/pictures/boat.jpg/64",
        "/.netlify/builders/ssg-images/file/boat.jpg/width/64",
        "/_ssg/functions/ssg-images/file/boat.jpg/width/64",
    ],
)
def test_addresses_of_the_site_and_of_the_function(server: tuple[Started, int], path: str) -> None:
    status, headers, body = server[0].get(path)
    assert (status, headers["content-type"], body[:3]) == (200, "image/jpeg", b"\xff\xd8\xff")
    assert headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert server[0].get(path.replace("64", "65"))[0] == 404


def test_a_query_is_reshaped_by_a_rule(server: tuple[Started, int]) -> None:
    status, headers, _ = server[0].get("/generated/image?url=boat.jpg&w=64")
    assert (status, headers["location"].partition("?")[0]) == (301, "/img/boat.jpg/64")
    assert server[0].get(headers["location"])[0] == 200


def test_a_site_says_at_the_start_that_pillow_is_missing(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoders, "find_spec", lambda _: None)
    settings = ServerSettings(root / "dist", cache=str(tmp_path))
    site = ServedSite(settings, {}, lambda _: None)
    with pytest.raises(ServeError) as caught:
        site.start()
    (problem,) = caught.value.problems
    assert "needs Pillow" in problem.message
    assert 'pip install "ssg[images]"' in str(problem.hint)


def test_a_missing_original_fails_its_own_variants_only(
    root: Path, variant: Variant, tmp_path: Path
) -> None:
    encoding = Encoders(tmp_path, 1, 10)
    images = deployment_of(find_release(root / "dist"), encoders=encoding).images
    assert isinstance(images, SiteImages)
    gone = variant.picture._replace(path="/gone.jpg", source="static/gone.jpg", digest="0" * 16)
    with pytest.raises(PictureError, match="is missing"):
        images.make(Variant(gone, variant.recipe, variant.format))
    encoding.close()


def test_a_folder_that_cannot_be_written_is_a_warning(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = ServerSettings(
        root / "dist", cache=str(tmp_path / "cache"), image_cache=str(tmp_path / "file" / "folder")
    )
    told: list[str] = []
    site = ServedSite(settings, {}, lambda record: told.append(str(record)))
    with closing(site):
        site.start()
        site.stop()
    assert any("cannot be stored" in one and "--image-cache" in one for one in told)


def test_originals_that_are_not_published_are_in_the_release(tmp_path: Path) -> None:
    """A picture of the site that nothing names, and a remote one: the server asks no host."""
    with picture_host() as host:
        host.files["/far.png"] = encoded(photo(240, 160), "PNG")
        remote = f'[[images.remote]]\nmatch = "{host.url}/**"\n'
        toml = str(SITE["ssg.toml"]).replace("[images]", "[images]\npublish_originals = false")
        page = f"---\ntitle: P\n---\n![Boat](/boat.jpg) ![Far]({host.url}/far.png)\n"
        more = {"ssg.toml": toml + remote, "content/pictures.md": page}
        built = build_for_server(tmp_path / "site", {**SITE, **more, "static/boat.jpg": BOAT})
    shutil.move(tmp_path / "site/dist", tmp_path / "moved")
    encoding = Encoders(tmp_path / "variants", 1, 10)
    images = deployment_of(find_release(tmp_path / "moved"), encoders=encoding).images
    assert images is not None and "boat.jpg" not in built.files
    for path in ("/boat.jpg", f"{host.url}/far.png"):
        picture = built.site.picture(path)
        assert picture
        found = images.find(f"/_img/{picture.digest}-64.webp")
        assert isinstance(found, FoundVariant)
        assert images.make(found.variant).data[8:12] == b"WEBP"
    encoding.close()


def test_variants_of_other_builds_go_when_they_are_old(
    root: Path, variant: Variant, tmp_path: Path
) -> None:
    encoding = Encoders(tmp_path, 1, 10)
    images = deployment_of(find_release(root / "dist"), encoders=encoding).images
    assert isinstance(images, SiteImages)
    old = encoding.cache.write(f"{'0' * 16}-128.webp", b"of another build")
    kept = encoding.cache.write(variant.file_name, b"of this build")
    for file in (old, kept):
        os.utime(file, (0, 0))
    assert images.collect() == 1
    assert (old.exists(), kept.exists()) == (False, True)
    encoding.close()
