"""What every workflow shares: values and the engine. Knows no workflow, no channel and no SQL."""
