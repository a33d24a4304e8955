"""What the petition has in lists: the board's sections, the morning's parts, figures, the week."""
