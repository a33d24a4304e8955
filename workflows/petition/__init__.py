"""The petition: a resident's problem, from one message to a kept promise."""
