"""ssg.toml or [tool.ssg] -> Settings; all problems at once, each with its file and line."""
