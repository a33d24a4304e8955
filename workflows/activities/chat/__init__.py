"""Activities in chat: how one is begun, how it looks, who hears, who is there, what lists say."""
