"""What people do with a petition, a subject a file."""
