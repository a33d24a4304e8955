"""The petition's own queries."""
