"""What a row of the table asks and does; how people stand to it, who gets it, whom clocks tell."""
