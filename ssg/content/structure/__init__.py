"""Documents to the structure of a site: sections, terms, addresses, menus, rows."""
