"""Due moments: clocks, working time, dates as people say them, who hears a clock."""
