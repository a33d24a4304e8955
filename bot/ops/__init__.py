"""What an operator runs and looks at: backups, findings, figures, dead letters."""
