"""What one transaction holds, and how it is written down at its end."""
