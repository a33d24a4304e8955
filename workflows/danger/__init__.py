"""What danger a text speaks of."""
