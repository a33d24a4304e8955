"""`haitang demo`: two stories, and a page to go on with."""
