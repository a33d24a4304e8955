"""What is listed: one's own, the board, the morning, the week, search, export."""
