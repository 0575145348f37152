"""
Pictures from strangers, made small and harmless: decoded, cut to a square, and encoded anew.

Nothing of the file survives but its colors: no EXIF, no place, no profile, nothing appended.
"""

import warnings
from io import BytesIO
from threading import Semaphore

from PIL import Image, ImageOps

#: The side of the square, in pixels.
SIDE = 256
#: What a good phone takes. A small file can claim to be far larger, and decoding believes it.
MAX_PIXELS = 25_000_000
FORMATS = ("PNG", "JPEG", "WEBP")

# A picture takes some hundred MiB while it is decoded; a rush must not take gigabytes.
_turns = Semaphore(1)


class NotReadable(ValueError):
    """This is not a PNG, JPEG or WebP picture, or it is damaged."""


class TooManyPixels(NotReadable):
    """This picture has more than 25 megapixels."""


def make_avatar(content: bytes) -> bytes:
    """
    Return the middle of a picture as a square in WebP.

    Raises ``NotReadable`` whatever is wrong with it. Takes up to a second; call it outside
    of transactions.
    """
    with _turns, warnings.catch_warnings():
        # Pillow warns of a bomb before it refuses one, and of odd files that it reads.
        warnings.simplefilter("ignore")
        try:
            return _encoded(_squared(content))
        except NotReadable:
            raise
        except Image.DecompressionBombError:
            raise TooManyPixels from None
        # Decoders stumble in many ways over files that were made for it.
        except Exception as error:
            raise NotReadable from error


def _squared(content: bytes) -> Image.Image:
    with Image.open(BytesIO(content), formats=FORMATS) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise TooManyPixels
        # A JPEG can be decoded at a fraction of its size.
        picture.draft("RGB", (2 * SIDE, 2 * SIDE))
        upright = ImageOps.exif_transpose(picture)
        return ImageOps.fit(upright.convert("RGBA"), (SIDE, SIDE), Image.Resampling.LANCZOS)


def _encoded(square: Image.Image) -> bytes:
    # Onto a new one, since what an image carries along is written with it.
    clean = Image.new("RGBA", square.size)
    clean.paste(square)
    file = BytesIO()
    clean.save(file, "WEBP", quality=85)
    return file.getvalue()
