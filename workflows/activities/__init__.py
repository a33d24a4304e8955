"""活动: an activity of the neighbourhood, from its plan to who was there and what came of it."""
