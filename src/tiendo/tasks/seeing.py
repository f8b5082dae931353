"""What an image looks like, in 64 bits that survive another size, another compression, a little light. Knows no framework.

Each bit says whether a place is lighter than the one to its right, in the image drawn nine wide and eight high: the
“difference hash”. It runs in a child process (`kit.uploads.in_child`), for the file is a stranger's.
"""

from PIL import Image

WIDE, HIGH = 9, 8
LARGEST = 100_000_000  # pixels; more is no photograph
PLAIN = 6  # bits: an image with fewer edges looks like every other plain one
NEAR = 6  # bits of 64 in which two pictures of the same thing may differ
BAND = 16


def look_of(path: str) -> str:
    """The look of an image file as 16 hexadecimal digits; nothing for a plain picture, which looks like any other."""
    Image.MAX_IMAGE_PIXELS = LARGEST
    with Image.open(path, formats=("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")) as image:
        if image.width * image.height > LARGEST:
            return ""
        image.draft("L", (WIDE * 16, HIGH * 16))
        small = image.convert("L").resize((WIDE, HIGH), Image.Resampling.LANCZOS)
    return look_of_places(list(small.tobytes()))


def look_of_places(places: list[int]) -> str:
    bits = 0
    for row in range(HIGH):
        for column in range(WIDE - 1):
            place = row * WIDE + column
            bits = bits << 1 | (places[place] > places[place + 1])
    edges = bits.bit_count()
    return f"{bits:016x}" if PLAIN <= edges <= 64 - PLAIN else ""


def apart(one: str, other: str) -> int:
    """In how many bits two looks differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def bands(look: str) -> list[int]:
    """Four pieces of a look: two that differ in three bits at most share one, so that an index finds them."""
    bits = int(look, 16)
    return [bits >> BAND * place & (1 << BAND) - 1 for place in (3, 2, 1, 0)]
