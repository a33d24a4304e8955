"""Due moments: clocks, the calendar, working time, dates as people say them."""
