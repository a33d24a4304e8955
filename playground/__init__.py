"""A strict emulator of Telegram's Bot API for one machine, with phones for its people.

`serve()` runs it inside a program, `python -m playground` alone; `Phones` acts for people.
"""

from playground.api.webhook import BackOff
from playground.http.server import Server, serve
from playground.phones.client import Button, Group, Message, Phone, PhoneError, Phones, Toast
from playground.world.clock import Clock
from playground.world.files import Sizes
from playground.world.limits import Limits
from playground.world.world import World

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
