"""The preview of `ssg serve`: the edge, with live reload, rebuilding and a dashboard."""
