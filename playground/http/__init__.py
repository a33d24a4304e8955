"""The server: the Bot API, the people's side and the page, over HTTP."""
