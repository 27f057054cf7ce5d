"""A server of one's own: `ssg start` answers from the folder that a build writes."""
