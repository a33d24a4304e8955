"""What this machine could do at the most: `python -m benchmarks.limits --runs 3`.

Two things bound a bot that keeps its promises on disk, however little else it does: SQLite's
commits (`disk`) and its own HTTP client (`wire`). A bot's share of a limit is its updates/s by
the limit's; the figures are kept as JSON beside those of the bots.
"""
