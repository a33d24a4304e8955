"""What a Bot API method is: an async function from a call to its result."""

from collections.abc import Awaitable, Callable
from typing import Any

from playground.api.call import Call

Method = Callable[[Call], Awaitable[Any]]
MethodTable = dict[str, Method]
