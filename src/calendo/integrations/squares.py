"""
The middle of a picture, by Pillow.
"""

from io import BytesIO

from PIL import Image, ImageOps

#: The side of the square, in pixels.
SIDE = 256
FORMATS = ("PNG", "JPEG", "WEBP")
#: What a picture with too many pixels raises.
TOO_LARGE = Image.DecompressionBombError


def squared(content: bytes, max_pixels: int) -> Image.Image:
    """
    Decode a picture and cut the square out of its middle. Raises whatever its decoder raises.
    """
    with Image.open(BytesIO(content), formats=FORMATS) as picture:
        if picture.width * picture.height > max_pixels:
            raise TOO_LARGE
        # A JPEG can be decoded at a fraction of its size.
        picture.draft("RGB", (2 * SIDE, 2 * SIDE))
        upright = ImageOps.exif_transpose(picture)
        return ImageOps.fit(upright.convert("RGBA"), (SIDE, SIDE), Image.Resampling.LANCZOS)


def encoded(square: Image.Image) -> bytes:
    """
    Write a picture as WebP, of which nothing but its colors is kept.
    """
    # Onto a new one, since what an image carries along is written with it.
    clean = Image.new("RGBA", square.size)
    clean.paste(square)
    file = BytesIO()
    clean.save(file, "WEBP", quality=85)
    return file.getvalue()
