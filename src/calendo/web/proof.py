"""
What only the owner of an account may do, not whoever finds the browser open: it takes the password.
"""

from calendo.db.engine import Database
from calendo.errors import WrongCredentials
from calendo.ops import accounts, passwords


def prove(db: Database, user_id: int, password: str, complaint: str) -> str:
    """
    Return the hash that a user's password fits. Raises ``WrongCredentials`` with a complaint for another one.

    Comparing takes long, so no transaction is open meanwhile: whoever writes afterwards has
    to see to it that the hash is still the same.
    """
    with db.read() as tx:
        password_hash = accounts.get_user(tx, user_id).password_hash
    if not passwords.matches(password, password_hash):
        raise WrongCredentials(complaint)
    return password_hash
