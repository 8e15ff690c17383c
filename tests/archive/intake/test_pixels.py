"""Pictures are told by their bytes."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backissue.archive.intake.pixels import Pixels, pixels
from tests.archive.pictures import png


def test_a_png_is_measured() -> None:
    assert pixels(png(7, 5)) == Pixels(".png", 7, 5)


@pytest.mark.parametrize(
    ("kind", "ending"), [("JPEG", ".jpg"), ("GIF", ".gif"), ("WEBP", ".webp"), ("PNG", ".png")]
)
def test_what_pillow_writes_is_measured(kind: str, ending: str) -> None:
    image = pytest.importorskip("PIL.Image")
    for options in ({}, {"lossless": True}, {"progressive": True}):
        file = io.BytesIO()
        image.new("RGB", (33, 21), "red").save(file, kind, **options)
        assert pixels(file.getvalue()) == Pixels(ending, 33, 21)


def test_a_picture_that_lies_on_its_side_is_measured_as_it_is_shown() -> None:
    image = pytest.importorskip("PIL.Image")
    file, exif = io.BytesIO(), image.Exif()
    exif[0x0112] = 6
    image.new("RGB", (33, 21), "red").save(file, "JPEG", exif=exif)
    assert pixels(file.getvalue()) == Pixels(".jpg", 21, 33)


def test_an_animated_webp_and_an_avif_are_measured() -> None:
    size = (999).to_bytes(3, "little") + (499).to_bytes(3, "little")
    webp = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + size
    assert pixels(webp) == Pixels(".webp", 1000, 500)
    boxes = b"".join(
        b"\0\0\0\x14ispe\0\0\0\0" + struct.pack(">II", *one) for one in ((9, 9), (80, 60))
    )
    assert pixels(b"\0\0\0\x1cftypavif\0\0\0\0" + boxes) == Pixels(".avif", 80, 60)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>x</script></svg>',
        b"<html><body>not found</body></html>",
        b"\x89PNG\r\n\x1a\n",
        png(0, 4),
        b"\xff\xd8\xff\xe0",
        b"%PDF-1.7",
    ],
)
def test_all_else_is_no_picture(data: bytes) -> None:
    assert pixels(data) is None


HEADS = (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"GIF89a", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP")


@given(
    st.sampled_from((*HEADS, b"\0\0\0\0ftypavif", b"\xff\xd8\xff\xe1\0\x40Exif\0\0II*\0")),
    st.binary(),
)
def test_no_bytes_raise(head: bytes, data: bytes) -> None:
    found = pixels(head + data)
    assert found is None or (found.width > 0 and found.height > 0)
