"""Load and kills, and what must hold all the same."""
