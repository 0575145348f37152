"""
What strangers wrote is made harmless before it goes into a mail.
"""

from typing import Any

from calendo.core.texts import lines


def clean(value: Any) -> Any:
    """
    Make all texts within a JSON value harmless.
    """
    if isinstance(value, str):
        return lines(value)
    if isinstance(value, dict):
        return {key: clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [clean(inner) for inner in value]
    return value
