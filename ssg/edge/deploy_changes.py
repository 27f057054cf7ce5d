"""Tells a shared cache of a deploy: the differences of its build from the one deployed before.

The cache keeps the tag table of the build deployed last, by any server. So it also knows what
differs if builds were skipped, or if an earlier one is deployed again.
"""

from __future__ import annotations

from dataclasses import dataclass

from ssg.edge.deployment import Deployment
from ssg.edge.purge_index import TagChanges
from ssg.edge.storage.namespace import CacheNamespace
from ssg.fingerprint.tag_table.changes import changes_between
from ssg.fingerprint.tag_table.table_file import TableError, TagTable, table_name

_LOCK = "deploy"
"""No path has this lock: those begin with a slash."""
_LOCK_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class DeployChanges:
    """What a shared cache was told."""

    changes: TagChanges | None
    """What differs from the build before; None: everything may."""
    is_new: bool
    """Whether the build is not the one that was deployed last."""


def tell_deploy(namespace: CacheNamespace, deployment: Deployment) -> DeployChanges:
    """Make a shared cache forget what a build changes; may wait.

    Of several processes that deploy a build at once, one finds it new.
    """
    with namespace.lock(_LOCK, _LOCK_SECONDS):
        return _tell(namespace, deployment)


def _tell(namespace: CacheNamespace, deployment: Deployment) -> DeployChanges:
    name, before = deployment.build_in_log, namespace.deployed_build()
    if name == before:
        return DeployChanges(TagChanges(before, ()), is_new=False)
    table = deployment.tag_table() if deployment.tag_table else None
    changes = deployment.changes
    if changes is None and table is not None:
        changes = _differences(before, namespace.tag_table(before), table)
    namespace.deploy(name, changes)
    if table is not None:
        namespace.put_tag_table(name, table)
    return DeployChanges(changes, is_new=True)


def _differences(before: str, kept: bytes | None, table: bytes) -> TagChanges | None:
    """What differs from the build before; None if its table is not known, or all may differ."""
    if kept is None or table_name(kept) != before:  # it is from a cache that others may write to
        return None
    try:
        found = changes_between(TagTable.from_bytes(kept), TagTable.from_bytes(table), ())
    except TableError:
        return None
    return None if found.everything else TagChanges(before, found.tags)
