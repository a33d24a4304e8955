"""What is asked all the time, of the small and of the large: `python -m benchmarks.scale`."""
