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

#: Short names of zones, as they are written behind a time.
ZONES = {
    "zone:Etc/UTC": "utc | gmt",
    "zone:America/New_York": "est | edt | eastern time | eastern",
    "zone:America/Chicago": "cdt | central time",
    "zone:America/Denver": "mdt | mountain time",
    "zone:America/Los_Angeles": "pst | pdt | pacific time | pacific",
    "zone:Europe/Paris": "cet | cest",
    "zone:Europe/Berlin": "mez | mesz",
    "zone:Europe/Athens": "eet | eest",
    "zone:Asia/Tokyo": "jst",
    "zone:Australia/Sydney": "aest | aedt",
    "zone:Asia/Singapore": "sgt",
    "zone:Asia/Hong_Kong": "hkt",
}
#: Those that several zones share; the first is taken.
SHARED_ZONES = {
    "zone:America/Chicago,Asia/Shanghai": "cst",
    "zone:Europe/London,Asia/Dhaka": "bst",
    "zone:Asia/Kolkata,Europe/Dublin,Asia/Jerusalem": "ist",
    "zone:America/Denver,Europe/Moscow": "mst",
}
