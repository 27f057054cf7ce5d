"""The files that hold rules: `_redirects`, `_headers` and `netlify.toml`."""
