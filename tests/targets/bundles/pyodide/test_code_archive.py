"""The archive of shipped Python."""

from __future__ import annotations

import importlib.util
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

from ssg.targets.bundles.pyodide.code_archive import SHIPPED_PACKAGES, archive, code_archive


def names() -> list[str]:
    return zipfile.ZipFile(io.BytesIO(code_archive().content)).namelist()


def test_the_same_code_gives_the_same_bytes() -> None:
    assert code_archive() == code_archive()


def test_bytes_do_not_depend_on_the_order_of_files() -> None:
    assert archive({"b.py": b"2", "a.py": b"1"}) == archive({"a.py": b"1", "b.py": b"2"})


def test_bytes_do_not_depend_on_the_clock_the_machine_or_its_compressor() -> None:
    zipped = zipfile.ZipFile(io.BytesIO(archive({"a.py": b"1"})))
    (entry,) = zipped.infolist()
    assert entry.date_time == (1980, 1, 1, 0, 0, 0)
    assert entry.create_system == 3
    assert entry.compress_type == zipfile.ZIP_STORED


def test_a_change_of_code_changes_the_digest() -> None:
    assert archive({"a.py": b"1"}) != archive({"a.py": b"2"})
    assert len(code_archive().digest) == 64


def test_only_shipped_rooms_and_packages_are_in_it() -> None:
    tops = {name.split("/")[0] for name in names()}
    rooms = {name.split("/")[1] for name in names() if name.startswith("ssg/")}
    assert tops == {"ssg", "licenses", *SHIPPED_PACKAGES}
    assert rooms == {"__init__.py", "model", "render", "runtime"}


def test_no_compiled_module_and_no_command_line_is_in_it() -> None:
    code = [name for name in names() if not name.startswith("licenses/")]
    assert {Path(name).suffix for name in code} == {".py"}
    assert "pygments/cmdline.py" not in code
    assert "markupsafe/_native.py" in code


def test_licences_travel_with_every_package() -> None:
    licensed = {name.split("/")[1] for name in names() if "LICENSE" in name}
    assert licensed == set(SHIPPED_PACKAGES)


def test_python_imports_the_runtime_from_the_archive_alone(tmp_path: Path) -> None:
    file = tmp_path / "code.zip"
    file.write_bytes(code_archive().content)
    if sys.version_info < (3, 14):  # the builder's Python has Zstandard in its standard library
        spec = importlib.util.find_spec("backports.zstd")
        assert spec
        assert spec.origin
        (tmp_path / "backports").mkdir()
        (tmp_path / "backports" / "zstd").symlink_to(Path(spec.origin).parent)
    program = (
        "import sys, ssg.runtime.pyodide, pygments.lexers as lexers\n"
        "lexers.get_lexer_by_name('haskell')\n"
        "print({m.split('.')[0] for m in sys.modules if 'site-packages' in "
        "str(getattr(sys.modules[m], '__file__', ''))}, ssg.__file__)"
    )
    result = subprocess.run(
        [sys.executable, "-S", "-c", program],
        env={**os.environ, "PYTHONPATH": str(file)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == f"set() {file}/ssg/__init__.py"
