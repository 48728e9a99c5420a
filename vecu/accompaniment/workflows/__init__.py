"""The lifecycles of one-to-one support."""
