"""
Runs the service as production does, sends it the requests of a working day, and leaves its log in the given file
(logs/parcels.log by default). Prints the file's path.
"""

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

here = Path(__file__).resolve().parent


def main() -> None:
    log_file = Path(sys.argv[1] if len(sys.argv) > 1 else here / "logs" / "parcels.log").resolve()
    log_file.parent.mkdir(parents=True, exist_ok=True)
    log_file.write_text("")
    service = subprocess.Popen(
        [sys.executable, "-m", "parcels.server"],
        cwd=here,
        env={**os.environ, "PORT": "0", "LOG_FILE": str(log_file), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    try:
        url = wait_for_address(service, log_file)
        send(url + "/rates/DE/1200")
        send(url + "/rates/AT/heavy")
        for _ in range(3):
            send(url + "/rates/NO/1200")
        send(url + "/rates/JP/500")
    finally:
        service.terminate()
        service.wait(timeout=10)
    print(log_file)


def send(url: str) -> None:
    try:
        urllib.request.urlopen(url, timeout=10).read()
    except urllib.error.HTTPError as error:
        error.read()


def wait_for_address(service: subprocess.Popen, log_file: Path) -> str:
    for _ in range(200):
        found = re.search(r"listening on (\S+)", log_file.read_text())
        if found:
            return found.group(1)
        if service.poll() is not None:
            raise SystemExit(f"the service ended with {service.returncode}")
        time.sleep(0.05)
    raise SystemExit("the service did not start within 10 s")


main()
