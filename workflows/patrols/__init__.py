"""隐患巡查: plans of rounds, the rounds, and what they find, from the rule to the check."""
