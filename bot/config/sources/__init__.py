"""Where a config is read from: its file, the token's, the environment."""
