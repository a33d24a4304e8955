"""Who has which role, and who asked for one."""
