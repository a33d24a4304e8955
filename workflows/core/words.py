"""The words of the domain: roles, states, actions, audiences, places, and what can go wrong."""

from __future__ import annotations

from enum import StrEnum


class ClockName(StrEnum):
    """The clocks of a ticket: RESPONSE and PLAN are promises; SUPERVISE, PARTNER and REFERRAL run
    beside them; CALL runs until somebody takes what is urgent; the others belong to one state.
    """

    RESPONSE = "response"
    PLAN = "plan"
    ASSIGN = "assign"
    ACCEPT = "accept"
    CALL = "call"
    INSPECT = "inspect"
    REVIEW = "review"
    WAIT = "wait"
    SUSPEND = "suspend"
    FOLLOWUP = "followup"
    SUPERVISE = "supervise"
    PARTNER = "partner"
    REFERRAL = "referral"
