"""What a running bot stands on: its clock, its loops' heartbeats."""
