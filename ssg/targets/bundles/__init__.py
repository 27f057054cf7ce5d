"""What travels to a host: code, the site database and texts."""
