"""What a message is: see `hearing.py`."""
