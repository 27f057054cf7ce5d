"""What templates see: page, site, menus, archive, languages, paginator, feeds."""
