"""The Bot API that answers the bots under load, as fast as it can."""
