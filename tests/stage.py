"""Reviews many changes in one run of `berm stage`: for the suites beside this file."""
import json
import subprocess


def record(identity, files, context=()):
    change = {"files": files}
    if context:
        change["context"] = context
    return {"id": identity, "change": change}


def review(program, records):
    """One report for each record, in their order; raises if some are missing."""
    done = subprocess.run([program, "stage"], input="".join(json.dumps(r) + "\n" for r in records),
                          capture_output=True, text=True)
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    if len(reports) != len(records):
        raise RuntimeError(f"{len(reports)} reports for {len(records)} changes: {done.stderr.strip()}")
    return reports
