"""Plugins that ship with `ssg`. A site names those that it uses in `plugins`."""
