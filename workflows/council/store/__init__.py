"""What the council keeps: its topics, who takes part, and the box for the ballots."""
