"""
Our figures beside the limit's, in one run: ``python -m bench`` from the root of the repository.
"""

import sys
from pathlib import Path

# The servers, databases and receivers that the tests run against serve here as well,
# and find each other as they do there: in the folder of the tests.
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
