"""Plans, rounds and findings in the chat."""
