"""One community with all its rooms, when it is young and when it is old."""
