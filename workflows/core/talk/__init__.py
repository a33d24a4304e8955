"""What is said: messages and taps, forms and what they ask for, what one is in the middle of."""
