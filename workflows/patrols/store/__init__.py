"""How plans, rounds and findings are kept."""
