"""Pictures: builds beside Hugo, and variants on their first request: `python -m benchmarks.images`.

The corpus is drawn with a fixed seed: photos of 12 MP, of about 3 MB each, ten to a page, in three
widths and two formats. Builds are of whole processes. `--peers-folder` has the `run.py` that
installs Hugo. Times depend on other load on the machine, so the load is printed, too.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import shutil
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.contestants import load_peers
from benchmarks.gallery import WIDTHS, Gallery, hugo_gallery, ssg_gallery
from benchmarks.image_requests import Requested, request_variants
from benchmarks.photos import write_photos
from benchmarks.process import Run, timed

ROOT = Path(__file__).parents[1]
TURNS = 5
SECTIONS = ("full", "avif", "unchanged", "deferred", "requests")

Row = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Bench:
    """The folder and the options of one run."""

    folder: Path
    photos: Sequence[Path]
    runs: int
    peers: ModuleType | None

    @property
    def megabytes(self) -> float:
        """The size of a photo."""
        return sum(photo.stat().st_size for photo in self.photos) / len(self.photos) / 1e6

    def measure(self, sections: Sequence[str]) -> dict[str, Any]:
        """Prints the rows of sections, and returns them with what they depend on."""
        rows, loads = [], []
        for section in sections:
            for row in getattr(self, section)():
                print(f"  {row[0]:46}{row[1]:>10}  {row[2]}", flush=True)
                rows.append(row)
                loads.append(os.getloadavg()[0])
            self._remove_galleries()
        print(f"  (load {max(loads):.1f} on {os.cpu_count()} cores)", flush=True)
        return {
            "date": dt.datetime.now(dt.UTC).date().isoformat(),
            "command": f"python -m benchmarks.images --photos {len(self.photos)}",
            "cores": os.cpu_count(),
            "load": max(loads),
            "photos": len(self.photos),
            "megabytes": self.megabytes,
            "widths": WIDTHS,
            "rows": rows,
        }

    def full(self) -> Iterator[Row]:
        """Builds from nothing, WebP and JPEG."""
        return self._beside_hugo("webp")

    def avif(self) -> Iterator[Row]:
        """Builds from nothing, AVIF and JPEG."""
        return self._beside_hugo("avif")

    def unchanged(self) -> Iterator[Row]:
        """Builds with nothing changed, with and without variants of pictures."""
        found = []
        for format in ("", "webp"):
            gallery = ssg_gallery(self._new("again"), self.photos, "static", format)
            timed(gallery.command, gallery.root)
            found.append(self._again(gallery))
        without, with_variants = found
        yield "nothing changed, no variants", f"{without:.3f} s", ""
        yield "nothing changed", f"{with_variants:.3f} s", f"{with_variants - without:+.3f} s"

    def deferred(self) -> Iterator[Row]:
        """Builds from nothing that make no variant."""
        deferred = ssg_gallery(self._new("d"), self.photos, "server", "webp", deferred=True)
        without = ssg_gallery(self._new("bare"), self.photos, "server")
        bare, ready = self._in_turns(without, deferred)
        each, busy = (1000 / len(self.photos) * more for more in _difference(ready, bare))
        yield "deploy-ready, no variants", f"{bare.wall:.2f} s", ""
        note = f"adds {each:.1f} ms a picture, {busy:.1f} ms of processors"
        yield "deploy-ready, all variants deferred", f"{ready.wall:.2f} s", note

    def _in_turns(self, *galleries: Gallery) -> list[Run]:
        """The fastest of some builds from nothing, which other programs disturbed least."""
        turns = [[self._clean(one) for one in galleries] for _ in range(TURNS)]
        return [min(runs, key=lambda run: run.wall) for runs in zip(*turns, strict=True)]

    def requests(self) -> Iterator[Row]:
        """First requests of variants of 800 px, and the memory of the process that makes them."""
        photos = self.photos[: min(len(self.photos), 20)]
        gallery = ssg_gallery(self._new("asked"), photos, "server", "webp", deferred=True)
        timed(gallery.command, gallery.root)
        found: Requested = request_variants(gallery.root, width=800)
        first, least = statistics.median(found.first_ms), min(found.first_ms)
        yield "first request, 800 px WebP", f"{first:.0f} ms", f"the fastest {least:.0f} ms"
        yield "second request", f"{statistics.median(found.second_ms):.1f} ms", ""
        yield "20 requests at once", f"{found.at_once_ms:.0f} ms", f"variants made: {found.encodes}"
        yield "memory of the encoder", f"{found.encoder_megabytes:.0f} MB", "at its peak"

    def _beside_hugo(self, format: str) -> Iterator[Row]:
        galleries = [ssg_gallery(self._new("ssg"), self.photos, "static", format)]
        if self.peers:
            galleries += [hugo_gallery(self._new("hugo"), self.photos, format, self.peers)]
        runs = [self._clean(one) for one in galleries]
        for one, run in zip(galleries, runs, strict=True):
            made = one.count(format)
            assert made == len(self.photos) * len(WIDTHS), (one.name, made)
            times = f"{run.wall / runs[0].wall:.1f} times"
            times += f", {run.cpu:.0f} s of processors, {run.pss:.0f} MB"
            yield f"full build, {format} and jpeg, {one.name}", f"{run.wall:.1f} s", times
        for one in galleries[1:]:
            yield f"nothing changed, {one.name}", f"{self._again(one):.3f} s", ""

    def _clean(self, one: Gallery) -> Run:
        """The median of builds from nothing."""
        runs = []
        for _ in range(self.runs):
            one.clean()
            runs.append(timed(one.command, one.root))
        return sorted(runs, key=lambda run: run.wall)[len(runs) // 2]

    def _again(self, one: Gallery) -> float:
        """The fastest of builds that find nothing to do."""
        return min(timed(one.command, one.root).wall for _ in range(TURNS))

    def _remove_galleries(self) -> None:
        """A gallery has all photos twice: those of other sections would fill a disk."""
        for gallery in filter(Path.is_dir, self.folder.iterdir()):
            shutil.rmtree(gallery)

    def _new(self, name: str) -> Path:
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.folder))


def _difference(one: Run, other: Run) -> tuple[float, float]:
    """Seconds of wall clock and of processors."""
    return one.wall - other.wall, one.cpu - other.cpu


def main() -> None:
    wanted = _arguments().parse_args()
    peers = load_peers(wanted.peers_folder)
    with tempfile.TemporaryDirectory(prefix="ssg-bench-", dir=wanted.folder) as folder:
        bench = Bench(Path(folder), write_photos(Path(folder), wanted.photos), wanted.runs, peers)
        print(f"{wanted.photos} photos of {bench.megabytes:.1f} MB, {WIDTHS} px wide", flush=True)
        figures = bench.measure(wanted.sections or SECTIONS)
    if wanted.json:
        kept = json.loads(wanted.json.read_text()) if wanted.json.is_file() else {}
        wanted.json.write_text(json.dumps({**kept, "images": figures}, indent=1) + "\n")


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sections", nargs="*", choices=[[], *SECTIONS], metavar="SECTION")
    parser.add_argument("--photos", type=int, default=40)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where to work, with 10 MB for each photo")
    parser.add_argument("--json", type=Path, help="add the results to this file")
    parser.add_argument("--peers-folder", type=Path, default=ROOT.parent / "shared" / "bench")
    return parser


if __name__ == "__main__":
    main()
