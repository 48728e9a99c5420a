"""What pages of the agenda show, in words, in a fixed number of queries."""
