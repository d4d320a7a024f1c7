"""A client that costs next to nothing, so that what is measured is the server: POST of JSON over kept connections."""

import asyncio
from urllib.parse import urlsplit

IDLE_SECONDS = 2.0
"""A connection idle for longer is not used again: the server closes those of 5 s."""


class Posting:
    """Posts JSON to one address. A connection carries one request at a time; there are as many as are needed at once.

    Args:
        address: `http://host:port`.
        path: of every request.
        token: of every request.
    """

    def __init__(self, address: str, path: str, token: str) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._head = (
            f"POST {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        ).encode()
        self._idle: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def post(self, body: bytes) -> bytes:
        """Return the body of the answer.

        Raises:
            RuntimeError: the answer has another status than 200, or no length.
        """
        reader, writer = await self._connection()
        writer.write(self._head + f"{len(body)}\r\n\r\n".encode() + body)
        head = await reader.readuntil(b"\r\n\r\n")
        status, *fields = head.decode("latin-1").split("\r\n")
        length = next((int(one[15:]) for one in fields if one.lower().startswith("content-length:")), None)
        if length is None or status.split(" ")[1] != "200":
            raise RuntimeError(status)
        answer = await reader.readexactly(length)
        self._idle.append((asyncio.get_running_loop().time(), reader, writer))
        return answer

    def close(self) -> None:
        """Close the connections."""
        for _, _, writer in self._idle:
            writer.close()

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._idle:
            since, reader, writer = self._idle.pop()
            if asyncio.get_running_loop().time() - since < IDLE_SECONDS:
                return reader, writer
            writer.close()
        return await asyncio.open_connection(self._host, self._port)
