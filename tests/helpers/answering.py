"""What people answer, by the needs' names: shorter to write than by the needs themselves."""

from workflows.core.talk.needs import Answers
from workflows.petition.needs import NEEDS

BY_NAME = {need.name: need for need in NEEDS}


def answered(**named: object) -> Answers:
    """Answers as in `answered(text="换好了", rating=3)`."""
    return Answers({BY_NAME[name]: value for name, value in named.items()})
