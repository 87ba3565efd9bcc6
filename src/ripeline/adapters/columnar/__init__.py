"""The open columnar files that history is kept in, and DuckDB, which reads and writes them."""
