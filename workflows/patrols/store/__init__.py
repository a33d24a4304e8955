"""How rounds and findings are kept."""
