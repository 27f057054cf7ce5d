"""The plugin `python-reference`: makes pages of Python code, which is read and never run.

`plugin` is called by a build. `load_packages` reads the sources with griffe; `members` decides
what of them is shown; `addresses` gives each symbol its page; `links` finds the page that a name
means where it is written; `signatures`, `docstrings` and `prose` write the parts of a page, and
`pages` puts them together. See `content/docs/guides/document-python-code.md`.
"""
