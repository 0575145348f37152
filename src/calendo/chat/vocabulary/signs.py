"""
Signs that mean the same in all languages, and short names of zones.
"""

SIGNS = {
    "comma": ",",
    "dot": ".",
    "stop": ". | ! | ? | ; | ...",
    "dash": "-",
    "slash": "/",
    "apostrophe": "'",
    "and": "&",
    "polite": "? | !",
    "plus": "+",
}
