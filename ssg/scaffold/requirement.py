"""Writes the line of requirements.txt with which a host installs the same ssg.

Installers record where a package came from (PEP 610, `direct_url.json`): nothing for a package
from an index, a URL for one from a repository or an archive. A package from a local path has no
URL that a host could use, so it is packed as a wheel, which becomes part of the site.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

import ssg
from ssg.config.themes import built_in_themes
from ssg.scaffold.new_files import NewFile

NAME = "ssg"
WHEEL = f"{NAME}-{ssg.__version__}-py3-none-any.whl"
VENDOR = f"vendor/{WHEEL}"

_INFO = f"{NAME}-{ssg.__version__}.dist-info"
_EARLIEST_DATE = (1980, 1, 1, 0, 0, 0)
_TEXTS = ("METADATA", "entry_points.txt", "licenses/LICENSE")
_WHEEL_TEXT = """\
Wheel-Version: 1.0
Generator: ssg
Root-Is-Purelib: true
Tag: py3-none-any
"""


def requirement(origin: Any = None, extras: Sequence[str] = ()) -> str:
    """The requirement for pip. `origin` is the content of `direct_url.json`, if there is one."""
    asked = f"[{','.join(extras)}]" if extras else ""
    if origin is None:
        return f"{NAME}{asked}=={ssg.__version__}"
    url, vcs = str(origin.get("url", "")), origin.get("vcs_info")
    if isinstance(vcs, dict):
        below = f"#subdirectory={origin['subdirectory']}" if "subdirectory" in origin else ""
        return f"{NAME}{asked} @ {vcs['vcs']}+{url}@{vcs['commit_id']}{below}"
    if url.startswith("https://"):
        digest = origin.get("archive_info", {}).get("hashes", {}).get("sha256")
        return f"{NAME}{asked} @ {url}" + (f"#sha256={digest}" if digest else "")
    return f"./{VENDOR}{asked}"


def origin_of(installed: Distribution) -> Any:
    """The content of `direct_url.json`, if the installer wrote one."""
    text = installed.read_text("direct_url.json")
    return json.loads(text) if text else None


def requirement_files(extras: Sequence[str] = ()) -> tuple[str, tuple[NewFile, ...]]:
    """The requirement for the running ssg, with the wheel if the site must contain it."""
    installed = distribution(NAME)
    line = requirement(origin_of(installed), extras)
    if not line.startswith("./"):
        return line, ()
    return line, (NewFile(VENDOR, pack(installed)),)


def pack(installed: Distribution) -> bytes:
    """Pack the installed package as a wheel (Python Packaging User Guide, "Binary distribution
    format"). The same package gives the same bytes.
    """
    files = {**dict(_code()), **dict(_metadata(installed))}
    record = "".join(f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in files.items())
    files[f"{_INFO}/RECORD"] = f"{record}{_INFO}/RECORD,,\n".encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, _EARLIEST_DATE)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, data)
    return packed.getvalue()


def _code() -> Iterator[tuple[str, bytes]]:
    """The files of the package and of its themes, which are next to it in a checkout."""
    package = Path(ssg.__file__).parent
    for folder, name in ((package, NAME), (built_in_themes(), f"{NAME}/themes")):
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                yield f"{name}/{file.relative_to(folder).as_posix()}", file.read_bytes()


def _metadata(installed: Distribution) -> Iterator[tuple[str, bytes]]:
    for name in _TEXTS:
        if text := installed.read_text(name):
            yield f"{_INFO}/{name}", text.encode()
    yield f"{_INFO}/WHEEL", _WHEEL_TEXT.encode()


def _digest(data: bytes) -> str:
    """The form of RECORD: URL-safe base64 without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
