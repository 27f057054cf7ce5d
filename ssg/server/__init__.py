"""`ssg start`: the edge as a server of one's own, without the preview."""
