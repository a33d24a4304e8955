"""The real bot beside a playground: in one process, or as its own."""
