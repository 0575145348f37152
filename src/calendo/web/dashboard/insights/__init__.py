"""
Insights: what became of a host's bookings, drawn and as tables.
"""
