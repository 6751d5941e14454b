"""Gzip read so that what stands before a cut or a damage is not lost, which larger buffers would swallow."""

from __future__ import annotations

import io
import zlib
from typing import BinaryIO

_CHUNK_BYTES = 1 << 14  # compressed bytes at a time


class GzipStream(io.RawIOBase):
    """The decompressed bytes of a gzip file of one or more members. Raises OSError where it breaks off."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._member = zlib.decompressobj(wbits=31)
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        target = memoryview(buffer)
        while not self._ready:
            if not self._decompress_next():
                return 0
        piece = self._ready[: len(target)]
        target[: len(piece)] = piece
        self._ready = self._ready[len(piece) :]
        return len(piece)

    def close(self) -> None:
        self._packed.close()
        super().close()

    def _decompress_next(self) -> bool:
        """Decompress the next piece; False at the end of the file."""
        piece = self._packed.read(_CHUNK_BYTES)
        if self._member.eof:  # another member may follow, or zeros that pad the file
            piece = (self._member.unused_data + piece).lstrip(b"\0")
            if not piece:
                return False
            self._member = zlib.decompressobj(wbits=31)
        if not piece:
            raise OSError("the compressed data is cut short")
        try:
            self._ready = self._member.decompress(piece)
        except zlib.error as error:
            raise OSError(f"the compressed data is damaged ({error})") from error
        return True
