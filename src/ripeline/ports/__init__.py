"""What the use cases ask of the outside world, and the small records that cross over."""
