"""`.ssg/manifest.json`: every deferred page, for people, tools and deploys.

Its JSON Schema is published with the documentation, `content/docs/manifest.schema.json`.
"""

from __future__ import annotations

import json
from pathlib import Path

import ssg
from ssg.model.site import Site

MANIFEST_VERSION = 1


def write_manifest(path: Path, site: Site, target: str, builder: str | None) -> int:
    """Write the manifest of a site; returns how many pages are in it. One page a line."""
    head = {
        "version": MANIFEST_VERSION,
        "generator": f"ssg {ssg.__version__}",
        "build_id": site.build_id,
        "build_time": site.build_time,
        "base_url": site.settings.base_url,
        "target": target,
        "builder": builder,
    }
    lines = [
        json.dumps(
            {
                "path": page.path,
                "source": page.source,
                "template": page.template,
                "ttl": page.ttl_seconds,
                "reason": page.reason,
            },
            ensure_ascii=False,
        )
        for page in site.deferred_pages()
    ]
    text = json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}")
    pages = ",\n    ".join(lines)
    body = f"[\n    {pages}\n  ]" if lines else "[]"
    path.write_text(f'{text},\n  "pages": {body}\n}}\n', "utf-8")
    return len(lines)
