"""
What must rest encrypted: Fernet (AES-128-CBC with HMAC-SHA256) under the secret key.
"""

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Vault:
    """
    Encrypts and decrypts short texts such as webhook secrets.
    """

    def __init__(self, secret_key: bytes, purpose: bytes = b"calendo vault 1") -> None:
        # A key of its own per purpose, so that one use never weakens another.
        derived = HKDF(SHA256(), length=32, salt=None, info=purpose).derive(secret_key)
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def encrypt(self, text: str) -> str:
        """
        Encrypt a text for the database.
        """
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, token: str) -> str:
        """
        Decrypt what ``encrypt`` made under the same secret key.
        """
        return self._fernet.decrypt(token.encode()).decode()

    def find_text(self, token: str) -> str | None:
        """
        Decrypt what a stranger brings; None where ``encrypt`` did not make it.
        """
        try:
            return self.decrypt(token)
        except InvalidToken:
            return None

    def holds(self, token: str, text: str) -> bool:
        """
        Say whether a token holds this text; one of another secret key holds nothing that we know.
        """
        try:
            return hmac.compare_digest(self._fernet.decrypt(token.encode()), text.encode())
        except InvalidToken:
            return False
