"""The people's side as a client: phones, what they show, residents who file."""
