"""
``python -m calendo`` is the same as ``calendo``.
"""

from calendo.cli import main

main()
