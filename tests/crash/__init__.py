"""Processes killed in mid-write: nothing acknowledged is lost, nothing happens twice."""
