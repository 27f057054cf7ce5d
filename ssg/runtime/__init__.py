"""Request -> response over a site database, unchanged in CPython and in Pyodide. Shipped."""
