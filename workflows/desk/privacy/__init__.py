"""Whose data it is: one's own, who looked, how long it is kept."""
