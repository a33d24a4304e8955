"""How a few words become a petition."""
