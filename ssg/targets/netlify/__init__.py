"""On-demand Builders: the function shell, its bundle, the Pyodide snapshot."""
