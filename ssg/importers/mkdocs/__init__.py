"""MkDocs: its configuration, navigation and extensions."""
