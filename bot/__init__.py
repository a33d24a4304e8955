"""The Telegram side: carries and draws, decides nothing."""
