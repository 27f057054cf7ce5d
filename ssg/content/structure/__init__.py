"""From documents to the structure of a site: sections, terms, permalinks, menus, rows."""
