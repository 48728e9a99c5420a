"""How many people a count must rest on before it is shown."""

# Fewer than this could be pointed at: the count is hidden, or left out of a sum.
SMALLEST_GROUP = 5
