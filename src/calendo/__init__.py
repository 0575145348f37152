"""
Calendo: scheduling that people run themselves.
"""
