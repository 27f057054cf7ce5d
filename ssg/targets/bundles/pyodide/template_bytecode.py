"""Compiles the templates of a site to bytecode for the Python of the function.

Each version of the templates is compiled once on a machine, in Node, and kept in the cache.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path

from ssg.model.database import open_readonly
from ssg.runtime.pyodide import BYTECODE
from ssg.targets.bundles.pyodide import run_node
from ssg.targets.bundles.pyodide.bundle import Bundle
from ssg.targets.bundles.pyodide.user_cache import (
    cache_root,
    is_intact,
    mark_used,
    new_entry,
    prune,
)

COMPILER = Path(__file__).parent / "compile-templates.cjs"

_KEPT = 20


def compiled_templates(database: Path, bundle: Bundle) -> Path:
    """A file with the templates of a site as bytecode, from the cache or made now."""
    with contextlib.closing(open_readonly(database)) as connection:
        rows = connection.execute(
            "SELECT code, origin FROM template WHERE code > '' ORDER BY name, layer"
        ).fetchall()
    templates = json.dumps(rows).encode()
    digest = hashlib.sha256(bundle.key.encode() + templates).hexdigest()[:20]
    entry = cache_root() / "templates" / digest
    if not is_intact(entry):
        with new_entry(entry) as draft:
            (draft / "templates.json").write_bytes(templates)
            run_node.run(COMPILER, bundle.folder, draft / "templates.json", draft / BYTECODE)
            (draft / "templates.json").unlink()
        prune(entry.parent, _KEPT)
    mark_used(entry)
    return entry / BYTECODE
