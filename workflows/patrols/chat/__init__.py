"""Rounds and findings in the chat."""
