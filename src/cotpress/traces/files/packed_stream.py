"""Packed files read so that what stands before a cut or a damage is not lost, which larger buffers would swallow."""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple

MAX_XZ_BYTES = 1 << 28  # of memory that unpacking an .xz file may take


class Packing(NamedTuple):
    """How a kind of packed file is unpacked: one decompressor for each of its members.

    `chunk` is packed bytes at a time; few where few bytes can unpack to many.
    """

    open_member: Callable[[], Any]
    chunk: int


PACKINGS = {
    "gzip": Packing(lambda: zlib.decompressobj(wbits=31), 1 << 14),
    "bzip2": Packing(bz2.BZ2Decompressor, 1 << 10),
    "xz": Packing(lambda: lzma.LZMADecompressor(memlimit=MAX_XZ_BYTES), 1 << 10),
}


class PackedStream(io.RawIOBase):
    """The unpacked bytes of a file of one or more members. Raises OSError where it breaks off."""

    def __init__(self, packed: BinaryIO, packing: Packing) -> None:
        self._packed, self._packing = packed, packing
        self._member = packing.open_member()
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        target = memoryview(buffer)
        while not self._ready:
            if not self._unpack_next():
                return 0
        piece = self._ready[: len(target)]
        target[: len(piece)] = piece
        self._ready = self._ready[len(piece) :]
        return len(piece)

    def close(self) -> None:
        self._packed.close()
        super().close()

    def _unpack_next(self) -> bool:
        """Unpack the next piece; False at the end of the file."""
        piece = self._packed.read(self._packing.chunk)
        if self._member.eof:  # another member may follow, or zeros that pad the file
            piece = (self._member.unused_data + piece).lstrip(b"\0")
            if not piece:
                return False
            self._member = self._packing.open_member()
        if not piece:
            raise OSError("the compressed data is cut short")
        try:
            self._ready = self._member.decompress(piece)
        except (zlib.error, lzma.LZMAError, OSError, ValueError) as error:
            raise OSError(f"the compressed data is damaged ({error})") from error
        return True
