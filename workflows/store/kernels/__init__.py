"""The rows of the kernels (`workflows.core.kernels`): a module each."""
