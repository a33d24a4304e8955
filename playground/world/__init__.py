"""The world: people, chats, messages, files, time, and what goes wrong in it."""
