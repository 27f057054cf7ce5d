"""Imports sites of other generators. Each has a folder, whose `convert` is a `ConvertSite`."""
