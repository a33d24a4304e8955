"""The settings: what a config may say, and every mistake in it by its key."""
