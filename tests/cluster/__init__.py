"""Several servers that share Redis, under load: what fails, what heals, and what visitors see."""
