"""How what is wrong with a config is told: in plain words, by file, line and section."""
