"""Creates files for the user: a new site, a new page, a template to change."""
