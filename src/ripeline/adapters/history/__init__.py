"""History as sorted columnar files: written here once, read by every engine."""
