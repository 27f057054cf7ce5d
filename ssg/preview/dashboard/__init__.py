"""The dashboard of the preview at `/__ssg/`. No build has anything of it."""
