#!/usr/bin/env python3
"""answer.py NAME PORT: answers every TCP connection with one line, and says whom it saw."""

import socket
import sys

name, port = sys.argv[1], int(sys.argv[2])
with socket.create_server(("0.0.0.0", port)) as listener:
    while True:
        connection, peer = listener.accept()
        with connection:
            connection.sendall(f"{name} answers, and sees {peer[0]}\n".encode())
