"""What the project claims in figures, measured again with one command each."""
