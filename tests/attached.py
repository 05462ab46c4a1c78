"""Small files of every type that can be attached, as bytes."""

import struct
import zlib


def png(width: int = 320, height: int = 160, colour: tuple[int, int, int] = (29, 95, 196)) -> bytes:
    """A whole picture of one colour."""
    rows = (b"\0" + bytes(colour) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


PNG = png()
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 20 + b"\xff\xd9"
WEBP = b"RIFF" + struct.pack("<I", 12 + 8) + b"WEBPVP8L" + b"\x00" * 12
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
CSV = "время;значение\n10:02;0,5\n".encode()
TEXT = b"10:02:15 pool exhausted\n"

GOOD = {
    "graph.png": PNG, "photo.jpg": JPEG, "photo.JPEG": JPEG, "shot.webp": WEBP, "report.pdf": PDF, "data.csv": CSV,
    "notes.txt": TEXT, "app.log": TEXT,
}  # fmt: skip
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
