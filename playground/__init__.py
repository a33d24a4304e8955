"""A strict emulator of Telegram's Bot API for one machine, with phones for its people.

`serve()` runs it inside a program, `python -m playground` alone; `Phones` acts for people.
"""

from playground.clock import Clock
from playground.files import Sizes
from playground.limits import Limits
from playground.phones import Button, Group, Message, Phone, PhoneError, Phones, Toast
from playground.server import Server, serve
from playground.webhook import BackOff
from playground.world import World

__all__ = [
    "BackOff",
    "Button",
    "Clock",
    "Group",
    "Limits",
    "Message",
    "Phone",
    "PhoneError",
    "Phones",
    "Server",
    "Sizes",
    "Toast",
    "World",
    "serve",
]
