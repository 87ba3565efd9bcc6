"""Where plans run: DuckDB over the files of one cut, and the Python reader over the same rows."""
