"""
Settings: who the host is, how to get in, keys for programs, and all data to take along or delete.
"""
