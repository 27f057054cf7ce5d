"""Where a build is deployed: what is emitted beside the publish folder."""
