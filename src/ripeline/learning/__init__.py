"""What deals won and lost have in common, as a proposal of a definition: it reads, and never writes."""
