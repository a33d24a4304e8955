"""Real petitions, played through the real bot."""
