"""Files for a user's own folders: a new site, a new page, a template to change."""
