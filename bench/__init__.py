"""
Our figures beside the limit's, in one run: ``python -m bench`` from the root of the repository.
"""
