"""A bundle for hosts without Python: Pyodide with a memory snapshot, in Node."""
