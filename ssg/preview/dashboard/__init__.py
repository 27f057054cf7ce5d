"""The dashboard of the preview at `/__ssg/`. It is not part of any build.

Rule numbers are those of "Rules of Netlify" in `content/docs/netlify.md`.
"""
