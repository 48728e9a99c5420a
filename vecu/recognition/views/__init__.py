"""Pages of hours and expenses: one's own, and those of whoever decides."""
