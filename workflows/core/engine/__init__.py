"""The engine of every workflow: a table, its machine, and what follows from a step."""
