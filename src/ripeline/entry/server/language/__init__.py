"""In which language pages speak: texts found in templates and programs, catalogs of others, and numbers by locale."""
