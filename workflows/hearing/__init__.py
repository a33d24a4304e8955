"""By which words a message is known for what it is; knows no workflow."""
