"""The dashboard of the preview at `/__ssg/`. No build has anything of it.

Rule numbers are those of "Rules of Netlify" in `content/docs/netlify.md`.
"""
