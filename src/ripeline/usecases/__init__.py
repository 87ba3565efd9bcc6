"""What Ripeline can be asked to do: one verb a file."""
