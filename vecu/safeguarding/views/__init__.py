"""Pages of safeguarding, by noun."""
