#!/usr/bin/python3
"""Asks a broker which requests it takes, as the official image's program at this path; its jars are not locked here."""

import socket
import struct
import sys

API_VERSIONS = 18
SECONDS = 10

host, _, port = sys.argv[sys.argv.index("--bootstrap-server") + 1].rpartition(":")
request = struct.pack(">hhih", API_VERSIONS, 0, 1, -1)
with socket.create_connection((host, int(port)), SECONDS) as connection:
    connection.sendall(struct.pack(">i", len(request)) + request)
    answer = connection.makefile("rb").read(10)
_, correlation, error = struct.unpack(">iih", answer)
sys.exit(0 if (correlation, error) == (1, 0) else 1)
