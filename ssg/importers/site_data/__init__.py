"""Data files, languages, taxonomies and settings that several importers share."""
