"""Polls: what one looks like, and how votes change it."""

from playground.text.refusals import Json


def new_poll(
    number: int,
    question: str,
    options: list[str],
    *,
    is_anonymous: bool = True,
    kind: str = "regular",
    several: bool = False,
) -> Json:
    """Make an open poll that nobody has voted in."""
    return {
        "id": str(10**18 + number),
        "question": question,
        "options": [
            {"persistent_id": str(index), "text": text, "voter_count": 0}
            for index, text in enumerate(options)
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": is_anonymous,
        "type": kind,
        "allows_multiple_answers": several,
        "allows_revoting": True,
        "members_only": False,
    }


def with_vote(poll: Json, chosen: list[int]) -> Json:
    """Count one person's vote for the options with these indexes."""
    options = [
        option | {"voter_count": option["voter_count"] + (index in chosen)}
        for index, option in enumerate(poll["options"])
    ]
    return poll | {"options": options, "total_voter_count": poll["total_voter_count"] + 1}


def answer(poll: Json, user: Json, chosen: list[int]) -> Json:
    """Write a vote as the Bot API's PollAnswer."""
    persistent = [poll["options"][index]["persistent_id"] for index in chosen]
    return {
        "poll_id": poll["id"],
        "user": user,
        "option_ids": chosen,
        "option_persistent_ids": persistent,
    }
