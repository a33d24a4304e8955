"""Kernels: what several workflows do alike, each one subject with one rule (docs/kernels)."""
