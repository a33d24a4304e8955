"""Reading from what people say where something is."""
