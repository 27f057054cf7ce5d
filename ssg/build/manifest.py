"""`.ssg/manifest.json`: every deferred page, for people, tools and deploys.

Its JSON Schema is published with the documentation, `content/docs/manifest.schema.json`.
"""

from __future__ import annotations

import json
from pathlib import Path

import ssg
from ssg.model.site import Site

MANIFEST_VERSION = 1

_PAGES, _END = ',\n  "pages": ', "\n}\n"


def write_manifest(
    path: Path, site: Site, target: str, builder: str | None, before: Path | None = None
) -> int:
    """Write the manifest of a site; returns how many pages are in it. One page a line.

    `before` is a manifest with the same pages.
    """
    head = {
        "version": MANIFEST_VERSION,
        "generator": f"ssg {ssg.__version__}",
        "build_id": site.build_id,
        "build_time": site.build_time,
        "base_url": site.settings.base_url,
        "target": target,
        "builder": builder,
    }
    text = json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}")
    lines = _known(before) if before else None
    if lines is None:
        lines = _lines(site)
    pages = ",\n    ".join(lines)
    body = f"[\n    {pages}\n  ]" if lines else "[]"
    path.write_text(f"{text}{_PAGES}{body}{_END}", "utf-8")
    return len(lines)


def _known(before: Path) -> list[str] | None:
    """The lines of pages of another manifest; None if it is none that ssg wrote."""
    try:
        _, found, pages = before.read_text("utf-8").partition(_PAGES)
    except (OSError, ValueError):
        return None
    if not (found and pages.endswith(_END)):
        return None
    inner = pages.removesuffix(_END).removeprefix("[").removesuffix("]").strip()
    return inner.split(",\n    ") if inner else []


def _lines(site: Site) -> list[str]:
    encode = json.JSONEncoder(ensure_ascii=False).encode  # `json.dumps` would make one for each
    return [
        encode(
            {
                "path": page.path,
                "source": page.source,
                "template": page.template,
                "ttl": page.ttl_seconds,
                "reason": page.reason,
            }
        )
        for page in site.deferred_pages()
    ]
