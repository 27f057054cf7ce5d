"""Times of texts that were slow out of proportion: `python -m benchmarks.worst_cases`.

Prints milliseconds for sizes n, 2n and 4n. Each line should double from column to column.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from ssg.config.nesting import load_json, load_toml
from ssg.content.source.full_yaml import YAML_ERRORS, read_header
from ssg.model.glob import compile_glob
from ssg.redirects.formats.headers_file import parse_headers
from ssg.redirects.formats.redirects_file import parse_redirects
from ssg.redirects.header_rule import HeaderRule
from ssg.redirects.matching.pattern import compile_path

Work = Callable[[int], object]


def _glob(size: int) -> object:
    return compile_glob("*a" * size).fullmatch("a" * 2 * size + "b")


def _glob_of_folders(size: int) -> object:
    return compile_glob("**/a*" * size + "b").fullmatch("a/" * 2 * size)


def _header_pattern(size: int) -> object:
    return HeaderRule("/*" * size + "/x", ()).matches("/a" * 2 * size)


def _header_line(size: int) -> object:
    return parse_headers(f"/*\n X-A: a{' ' * 100 * size}b\n")


def _redirect_pattern(size: int) -> object:
    return compile_path("/:a" * size + "/*").matches("/a" * 2 * size)


def _redirect_line(size: int) -> object:
    return parse_redirects("/a" + "".join(f" a{n}=b" for n in range(10 * size)) + " /b\n")


def _aliases(size: int) -> object:
    return read_header("\n".join(["k0: &k0 [x]", *map(_nine_aliases, range(1, size))]))


def _nine_aliases(number: int) -> str:
    return f"k{number}: &k{number} [{', '.join([f'*k{number - 1}'] * 9)}]"


def _merges(size: int) -> object:
    tables = (f"k{n}: &k{n} {{<<: [*k{n - 1}, *k{n - 1}], x{n}: 1}}" for n in range(1, size))
    return read_header("\n".join(["k0: &k0 {x: 1}", *tables]))


def _toml_arrays(size: int) -> object:
    return load_toml("a = " + "[" * 100 * size)


def _json_arrays(size: int) -> object:
    return load_json("[" * 100 * size)


CASES: Mapping[str, Work] = {
    "glob *a*a": _glob,
    "glob **/a*": _glob_of_folders,
    "_headers /*/*/x": _header_pattern,
    "_headers, spaces": _header_line,
    "_redirects /:a/:a": _redirect_pattern,
    "_redirects, query": _redirect_line,
    "YAML aliases": _aliases,
    "YAML merges": _merges,
    "TOML arrays": _toml_arrays,
    "JSON arrays": _json_arrays,
}


def milliseconds(work: Work, size: int) -> float:
    """The least of five times."""
    return min(_once(work, size) for _ in range(5)) * 1000


def _once(work: Work, size: int) -> float:
    compile_glob.cache_clear()
    started = time.thread_time()
    with suppress(*YAML_ERRORS):
        work(size)
    return time.thread_time() - started


def main(size: int = 100) -> None:
    """Print a line for each case."""
    print(f"{'':20}" + "".join(f"{n:>10}" for n in (size, 2 * size, 4 * size)))
    for name, work in CASES.items():
        times = (milliseconds(work, n) for n in (size, 2 * size, 4 * size))
        print(f"{name:20}" + "".join(f"{one:10.2f}" for one in times), flush=True)


if __name__ == "__main__":
    main()
