"""隐患巡查: rounds by plans of the config, what they find, and who looks that it is gone."""
