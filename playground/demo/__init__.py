"""`haitang demo`: four stories, and a page to go on with."""
