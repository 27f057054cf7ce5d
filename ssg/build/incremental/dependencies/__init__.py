"""The questions that each page asks of the site database: recorded, and kept for the next build."""
