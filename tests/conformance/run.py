"""Runs the Autobahn cases against a WebSocket echo server: `run.py HOST:PORT REPORTS`.

Sections 12 and 13 are left out: they are about compression, which the server does not offer. A case fails where the
suite says so of the exchange or of the close; what it calls non-strict or informational is conformant.
"""

import asyncio
import collections
import sys

from kosoku import FailureError, run_fuzzingclient
from kosoku._report import write_reports

ACCEPTED = {"OK", "NON-STRICT", "INFORMATIONAL"}


async def main(address, reports):
    try:
        results = await run_fuzzingclient(address, None, ["12.*", "13.*"], concurrency=4)
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
