"""Questions asked of the site database."""
