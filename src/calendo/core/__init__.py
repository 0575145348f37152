"""
The pure heart: time, intervals, availability and slots.

Standard library only; no clock, no I/O, no settings. ``now`` is an argument.
"""
