"""A plan of rounds (巡查计划) or a campaign (专项整治), until it is summed up."""
