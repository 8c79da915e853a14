"""A ZIP whose entries are put together of pieces that are deflated already."""

from __future__ import annotations

import zlib
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from pipeline.releases.writers.pieces import Piece

_LEVEL = 1
_POLYNOMIAL = 0xEDB88320


def deflated(data: bytes | memoryview, *, last: bool = False) -> Piece:
    """A piece of an entry: nothing in it refers to what was before, so that it can stand anywhere."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(data) + packer.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)
    return Piece(packed, zlib.crc32(packed), len(data), zlib.crc32(data))


class Archive:
    """A ZIP file in the making, in which no entry has an hour."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._zip = ZipFile(self._file, "w", ZIP_STORED)
        self._entry: ZipInfo | None = None

    def begin(self, name: str) -> None:
        """A new entry, to which pieces are added."""
        self._entry = _entry(name)
        self._entry.header_offset = self._file.tell()
        self._file.write(self._entry.FileHeader(zip64=True))

    def add(self, piece: Piece) -> int:
        """The next piece of the entry; where it is in the file. The last one is deflated as `last`."""
        entry, at = self._entry, self._file.tell()
        assert entry is not None
        self._file.write(piece.data)
        entry.CRC = _joined(entry.CRC, piece.crc, piece.size)
        entry.compress_size += len(piece.data)
        entry.file_size += piece.size
        return at

    def end(self) -> None:
        """The entry is complete."""
        entry = self._entry
        assert entry is not None
        self._file.seek(entry.header_offset)
        self._file.write(entry.FileHeader(zip64=True))
        self._zip.start_dir = self._file.seek(0, 2)
        self._zip.filelist.append(entry)
        self._zip.NameToInfo[entry.filename] = entry
        self._entry = None

    def put(self, name: str, text: str) -> None:
        """A whole entry."""
        self.begin(name)
        self.add(deflated(text.encode(), last=True))
        self.end()

    def close(self) -> None:
        """Write the directory."""
        self._zip.close()
        self._file.close()

    def abandon(self) -> None:
        """Let go of the file as it is."""
        self._zip.fp = None  # or it would write its directory when it is collected
        self._file.close()


def _entry(name: str) -> ZipInfo:
    info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    info.CRC = info.compress_size = info.file_size = 0
    return info


def _joined(one: int, other: int, size: int) -> int:
    """The CRC-32 of two pieces from that of each, as zlib joins them. size: bytes of the other."""
    shift, power = 1 << 31, 1 << 23  # polynomials, the highest bit first: 1, and x to the eighth
    while size:
        if size & 1:
            shift = _product(power, shift)
        power = _product(power, power)
        size >>= 1
    return _product(shift, one) ^ other


def _product(one: int, other: int) -> int:
    """The product of two polynomials, modulo that of CRC-32."""
    product = 0
    for bit in range(31, -1, -1):
        if one >> bit & 1:
            product ^= other
        other = other >> 1 ^ (_POLYNOMIAL if other & 1 else 0)
    return product
