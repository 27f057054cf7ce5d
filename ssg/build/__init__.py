"""The order of the stages, the workers, the atomic publish, the report."""
