"""The Bot API: its methods, their parameters, and how updates reach a bot."""
