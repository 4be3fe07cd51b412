"""A vendor that takes its time: OpenAI Responses over one asyncio process, with latency, a rate limit and faults.

`GET /stats` tells what a real vendor would know: calls billed, calls refused, the most at once, when each was billed.
Run as a program: PORT, LATENCY_SECONDS, FAULTY_SHARE, PER_SECOND (0 for no limit).
"""

import asyncio
import json
import random
import sys
import time

USD_PER_CALL = (1000 * 2.5 + 300 * 10) / 1_000_000
"""At the list price of gpt-4o."""
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
        self.billed_at, self.refused, self.failed, self.now, self.peak = [], 0, 0, 0, 0

    async def serve(self, reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(
                    (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
                )
                await reader.readexactly(length)
                if head.startswith(b"GET /stats"):
                    await self.send(writer, 200, self.stats())
                else:
                    await self.read_page(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def read_page(self, writer):
        if self.per_second and sum(at > time.time() - 1 for at in self.billed_at[-500:]) >= self.per_second:
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
        self.billed_at.append(time.time())
        await asyncio.sleep(self.latency)
        self.now -= 1
        await self.send(writer, 200, ANSWER)

    def stats(self):
        times = self.billed_at
        busiest = (
            max((sum(at <= other < at + 1 for other in times[n : n + 2000]) for n, at in enumerate(times)), default=0)
            if len(times) < 3000
            else None
        )
        return {
            "billed": len(times),
            "usd": len(times) * USD_PER_CALL,
            "refused": self.refused,
            "failed": self.failed,
            "peak": self.peak,
            "busiest_second": busiest,
        }

    async def send(self, writer, status, document, headers=""):
        body = json.dumps(document).encode()
        head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n{headers}\r\n"
        writer.write(head.encode() + body)
        await writer.drain()


async def main(port, latency, faulty_share, per_second):
    vendor = SlowVendor(float(latency), float(faulty_share), float(per_second))
    server = await asyncio.start_server(vendor.serve, "127.0.0.1", int(port), backlog=500)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
