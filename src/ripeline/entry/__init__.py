"""The ways in: the command line, later the server."""
