"""The keys of taxonomies: `[taxonomies.NAME]`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from ssg.config.permalinks import read_folder
from ssg.config.table import Table
from ssg.model.settings import TaxonomySettings

TERM_ORDERS = ("name", "count")

_TAXONOMY = TaxonomySettings()


def read_taxonomies(
    table: Table,
    defaults: Mapping[str, TaxonomySettings] = MappingProxyType({}),
    usual: Collection[str] = (),
) -> dict[str, TaxonomySettings]:
    """`[taxonomies]`. The taxonomies of a language have those of the site as `defaults`.

    `usual` are the names of taxonomies if the configuration has none.
    """
    below = table.table("taxonomies", {name: {} for name in usual})
    return {
        name: _taxonomy(below.table(name), defaults.get(name, _TAXONOMY))
        for name in below.keys()  # noqa: SIM118 no dict
    }


def _taxonomy(table: Table, default: TaxonomySettings) -> TaxonomySettings:
    settings = TaxonomySettings(
        paginate_by=table.whole("paginate_by", default.paginate_by),
        paginate_path=read_folder(table, "paginate_path", default.paginate_path)
        or default.paginate_path,
        path=read_folder(table, "path", default.path),
        sort_by=table.choice(
            "sort_by", default.sort_by, TERM_ORDERS, 'terms cannot be sorted by "{}"'
        ),
        feed=table.boolean("feed", default.feed),
        weight=table.whole("weight", default.weight),
    )
    table.refuse_unread()
    return settings
