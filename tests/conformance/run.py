"""Runs the Autobahn cases against a WebSocket echo server: `run.py HOST:PORT REPORTS`.

Sections 12 and 13, about compression, send 1,000 messages a case, gigabytes in all. Here it is a hundred: a message owes
nothing to those before it. AUTOBAHN_MESSAGES=1000 sends them all. A case fails where the suite says so of the exchange or
of the close; what it calls non-strict or informational is conformant.
"""

import asyncio
import collections
import importlib
import os
import sys

from kosoku import FailureError, _caseindex, run_fuzzingclient
from kosoku._report import write_reports

ACCEPTED = {"OK", "NON-STRICT", "INFORMATIONAL"}


def prepare_compression(messages):
    """Sets how many messages a case sends, and lets it take those that come back plain.

    A peer may send any message plain, and this server does where compressing gains nothing. The driver then hands over
    text where these cases, written for Python 2, hash bytes: they would stop with a TypeError.
    """
    _caseindex.initialize_shims()
    cases = importlib.import_module("case12_x_x")
    for case in cases.Case12_X_X + cases.Case13_X_X:
        case.COUNT = messages

        def on_message(self, message, binary, on_bytes=case.onMessage):
            if isinstance(message, str):
                message = message.encode("latin-1" if binary else "utf-8")
            on_bytes(self, message, binary)

        case.onMessage = on_message


async def main(address, reports):
    prepare_compression(int(os.environ.get("AUTOBAHN_MESSAGES", "100")))
    try:
        results = await run_fuzzingclient(address, None, [], concurrency=4)
    except FailureError as failure:
        results = failure.results
    write_reports(results, reports)
    counts = collections.Counter(result.behavior.value for result in results)
    failed = [
        result
        for result in results
        if result.behavior.value not in ACCEPTED or result.behavior_close.value not in ACCEPTED
    ]
    for result in failed:
        print(f"  FAIL  {result.case_id}: {result.behavior.value}, closing: {result.behavior_close.value}: {result.result}")
    summary = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    print(f"{len(results)} cases: {summary}; {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*sys.argv[1:])))
