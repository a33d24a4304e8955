"""What goes out: to whom, how it looks, what came of it."""
