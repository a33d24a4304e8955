"""爱心存折: what neighbours do for each other fills a passbook, and a gift from the shelf empties it."""
