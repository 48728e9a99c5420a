"""What people see of one-to-one support."""
