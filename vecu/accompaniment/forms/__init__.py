"""What people type in one-to-one support, by noun."""
