"""爱心存折: what neighbours do for each other fills a passbook, gifts from a shelf empty it."""
