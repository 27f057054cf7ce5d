"""Pictures of a build: reads them, and makes their critical variants."""
