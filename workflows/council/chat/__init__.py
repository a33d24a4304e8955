"""The council in chat: how a topic is raised, how it looks, who hears, where it is listed."""
