"""The preview of drafts: a signed link, a cookie for some time, and a bar on each page."""
