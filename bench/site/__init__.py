"""A bare site to measure the foundations on: core's middlewares, one form, one stream, and Channels beside it."""
