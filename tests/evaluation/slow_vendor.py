"""A vendor that takes its time: OpenAI Responses over one asyncio process, with latency, a rate limit and faults.

`GET /stats` tells what a real vendor would know: calls billed, calls refused, the most at once, and the most that
arrived within any one second, failed and refused ones included.
Run as a program: PORT, LATENCY_SECONDS, FAULTY_SHARE, PER_SECOND (0 for no limit).
"""

import asyncio
import json
import random
import sys
from collections import deque
from time import perf_counter

from tests.evaluation.vendor_process import USD_PER_CALL

ANSWER = {
    "id": "resp_1", "object": "response", "created_at": 1, "model": "gpt-4o-2026", "status": "completed", "error": None,
    "incomplete_details": None, "instructions": None, "metadata": {}, "parallel_tool_calls": True, "temperature": 1,
    "tool_choice": "auto", "tools": [], "top_p": 1,
    "output": [{"type": "message", "id": "m", "role": "assistant", "status": "completed",
                "content": [{"type": "output_text", "text": "first line", "annotations": []}]}],
    "usage": {"input_tokens": 1000, "output_tokens": 300, "total_tokens": 1300,
              "input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}},
}  # fmt: skip


class SlowVendor:
    def __init__(self, latency, faulty_share, per_second):
        self.latency, self.faulty_share, self.per_second = latency, faulty_share, per_second
        self.random = random.Random(1)
        self.billed, self.refused, self.failed, self.now, self.peak = 0, 0, 0, 0, 0
        self.last_second, self.busiest_second = deque(), 0
        self.billed_last_second = deque()

    async def serve(self, reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(
                    (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
                )
                if not head.startswith(b"GET"):
                    self.arrived()
                await reader.readexactly(length)
                if head.startswith(b"GET /stats"):
                    await self.send(writer, 200, self.stats())
                else:
                    await self.read_page(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def arrived(self):
        self.busiest_second = max(self.busiest_second, counted(self.last_second) + 1)
        self.last_second.append(perf_counter())

    async def read_page(self, writer):
        if self.per_second and counted(self.billed_last_second) >= self.per_second:
            self.refused += 1
            await self.send(
                writer, 429, {"error": {"message": "slow down", "code": "rate_limit_exceeded"}}, "retry-after: 1\r\n"
            )
            return
        if self.random.random() < self.faulty_share:
            self.failed += 1
            await self.send(writer, 503, {"error": {"message": "overloaded"}})
            return
        self.now += 1
        self.peak = max(self.peak, self.now)
        self.billed += 1
        self.billed_last_second.append(perf_counter())
        await asyncio.sleep(self.latency)
        self.now -= 1
        await self.send(writer, 200, ANSWER)

    def stats(self):
        return {
            "billed": self.billed,
            "usd": self.billed * USD_PER_CALL,
            "refused": self.refused,
            "failed": self.failed,
            "peak": self.peak,
            "busiest_second": self.busiest_second,
        }

    async def send(self, writer, status, document, headers=""):
        body = json.dumps(document).encode()
        head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n{headers}\r\n"
        writer.write(head.encode() + body)
        await writer.drain()


def counted(moments):
    """How many of these moments lie within the last second; older ones are dropped."""
    while moments and moments[0] <= perf_counter() - 1:
        moments.popleft()
    return len(moments)


async def main(port, latency, faulty_share, per_second):
    vendor = SlowVendor(float(latency), float(faulty_share), float(per_second))
    server = await asyncio.start_server(vendor.serve, "127.0.0.1", int(port), backlog=500)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
