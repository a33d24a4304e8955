"""What is owed and was said, to which chats; what came in and was handled, or could not be."""
