"""Connections that send half a request and then nothing are closed, so that they do not take the place of others."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol


def patient(seconds: float) -> type[asyncio.Protocol]:
    """The protocol of a connection that is closed when a request is not there as a whole after `seconds`."""

    class Patient(H11Protocol):
        deadline: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self.wait()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            cycle: Any = self.cycle
            if cycle is not None and not cycle.response_complete:  # it is being answered
                self.stop()
            elif self.deadline is None:
                self.wait()

        def connection_lost(self, exc: Exception | None) -> None:
            self.stop()
            super().connection_lost(exc)

        def wait(self) -> None:
            self.deadline = self.loop.call_later(seconds, self.late)

        def stop(self) -> None:
            if self.deadline is not None:
                self.deadline.cancel()
            self.deadline = None

        def late(self) -> None:
            """Close, unless the connection rests between two requests: that has a time limit of its own."""
            self.deadline = None
            if not self.transport.is_closing():
                self.transport.close()

    return Patient
