"""The workflows there are: the only list of them."""

from __future__ import annotations

from workflows.petition.store.kept import TICKETS
from workflows.store.kept import Kinds

KINDS = Kinds((TICKETS,))
