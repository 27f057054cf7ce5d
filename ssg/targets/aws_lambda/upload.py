"""The files for the bucket, in a folder for each set of headers, and a script to upload them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from ssg.model.file_types import content_type
from ssg.runtime.dialects import REVALIDATED
from ssg.targets.aws_lambda.bucket import BucketFile
from ssg.targets.routing.immutable_headers import LASTING
from ssg.targets.target import TAG_TABLES_PATH

UPLOAD = "upload.sh"
ASSETS = "assets"

_BEGIN = """\
#!/bin/sh
# Uploads the files for the bucket: sh upload.sh BUCKET. Written by ssg build.
set -eu
bucket=${1:?the name of the bucket}
cd "$(dirname "$0")"
put() { # FOLDER KEY CONTENT-TYPE CACHE-CONTROL
  aws s3 sync "$1" "s3://$bucket$2" --content-type "$3" --cache-control "$4" --only-show-errors
}
"""
_OWN = """\
if [ -d public/_ssg/tags ]; then # the tag table, and then the pointer to it
  put public/_ssg/tags {folder} {binary} {lasting}
  aws s3 cp public/_ssg/tags.json "s3://$bucket/_ssg/tags.json" \\
    --content-type {json} --cache-control {revalidated} --only-show-errors
fi
"""


def asset_folders(files: Sequence[BucketFile]) -> dict[str, list[BucketFile]]:
    """The files by their folder in `assets/`: `css`, `css-2`."""
    groups: dict[tuple[str, str, str], list[BucketFile]] = {}
    for file in files:
        said = file.suffix[1:], file.content_type, file.cache_control
        groups.setdefault(said, []).append(file)
    named: dict[str, list[BucketFile]] = {}
    for suffix, _, _ in sorted(groups):
        alike = sorted(key for key in groups if key[0] == suffix)
        for number, key in enumerate(alike, 1):
            named[suffix if number == 1 else f"{suffix}-{number}"] = groups[key]
    return named


def upload_script(folders: dict[str, list[BucketFile]], *, has_own: bool) -> str:
    """The script. Its words are quoted: headers are the site's own text."""
    lines = [_BEGIN]
    for folder, files in folders.items():
        words = f"{ASSETS}/{folder}", "", files[0].content_type, files[0].cache_control
        lines.append(f"put {shlex.join(words)}\n")
    if has_own:
        values = {
            "folder": TAG_TABLES_PATH.rstrip("/"),
            "binary": content_type(".bin"),
            "lasting": LASTING[1],
            "json": content_type("tags.json"),
            "revalidated": REVALIDATED,
        }
        lines.append(_OWN.format(**{name: shlex.quote(one) for name, one in values.items()}))
    return "".join(lines)
