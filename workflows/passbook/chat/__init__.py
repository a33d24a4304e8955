"""The room in chat: the passbook and the shelf, how entries look, what is listed and printed."""
