"""The world of the access tests serves here too."""

from tests.access.conftest import _silence, world

__all__ = ["_silence", "world"]
