"""
Answers made smaller, where the caller can read that.
"""

import gzip

from fastapi import Request, Response

#: A packet's worth; below it nothing is gained.
_WORTH_COMPRESSING = 1024


def takes_gzip(request: Request) -> bool:
    """
    Say whether a caller can read what is compressed.
    """
    accepted = request.headers.get("accept-encoding", "")
    return any(
        part.split(";")[0].strip() == "gzip" and not part.replace(" ", "").endswith(";q=0")
        for part in accepted.split(",")
    )


def compress(response: Response, request: Request, *, level: int = 6) -> Response:
    """
    Compress an answer that was just made, where that pays and the caller can read it.

    Only for what has no secrets: compressed beside something that the caller chose, a secret
    can give itself away by the length. ``level`` is zlib's, from 1, the fastest, to 9.
    """
    response.headers.add_vary_header("Accept-Encoding")
    if len(response.body) >= _WORTH_COMPRESSING and takes_gzip(request):
        response.body = gzip.compress(bytes(response.body), level, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.body))
    return response
