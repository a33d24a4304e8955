"""What activities keep: a row each; who signed up and who was there is their kernels'."""
