"""What any daemon made of these six packages takes to start: importing them, and a word that it is done."""

import os
import socket

import aiohttp
import aiosqlite
import anyio
import prometheus_client
import pydantic_settings
import structlog

PACKAGES = (aiohttp, anyio, structlog, pydantic_settings, aiosqlite, prometheus_client)

with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
    sender.sendto(b"READY=1", "\0" + os.environ["NOTIFY_SOCKET"][1:])
