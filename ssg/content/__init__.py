"""Sources and front matter -> the site database."""
