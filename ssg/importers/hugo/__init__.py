"""Hugo: its configuration, content and shortcodes."""
