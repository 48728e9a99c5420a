"""Addresses of styles, scripts and images, with the mark of what they hold."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class MarkedFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's. The list of marks is read when the server starts, so that an address is put together once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[tuple[str, bool], str] = {}

    def url(self, name: str, force: bool = False) -> str:
        address = self._addresses.get((name, force))
        if address is None:
            address = self._addresses[name, force] = str(super().url(name, force))
        return address
