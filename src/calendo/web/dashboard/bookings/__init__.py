"""
Bookings: listed, on a calendar, and one by one with what can be done about it.
"""
