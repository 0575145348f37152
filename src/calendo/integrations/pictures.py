"""
Pictures from strangers, made small and harmless: decoded, cut to a square, and encoded anew.

Nothing of the file survives but its colors: no EXIF, no place, no profile, nothing appended.
"""

import warnings
from threading import Semaphore

#: What a good phone takes. A small file can claim to be far larger, and decoding believes it.
MAX_PIXELS = 25_000_000

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
    # Pillow takes some MiB that a server without pictures need not have.
    from calendo.integrations import squares  # noqa: PLC0415 - see above

    with _turns, warnings.catch_warnings():
        # Pillow warns of a bomb before it refuses one, and of odd files that it reads.
        warnings.simplefilter("ignore")
        try:
            return squares.encoded(squares.squared(content, MAX_PIXELS))
        except squares.TOO_LARGE:
            raise TooManyPixels from None
        # Decoders stumble in many ways over files that were made for it.
        except Exception as error:
            raise NotReadable from error
