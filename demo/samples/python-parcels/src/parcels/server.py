"""The service behind a socket."""

import json
import logging
import os
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from parcels.routes import handle

log = logging.getLogger("parcels")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        try:
            status, body = handle(self.command, self.path)
        except Exception:
            log.exception("%s %s failed", self.command, self.path)
            status, body = 500, {"error": "internal error"}
        log.info("%s %s %s", self.command, self.path, status)
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_: object) -> None:
        """Requests are logged above."""


def main() -> None:
    logging.basicConfig(
        filename=os.environ.get("LOG_FILE"),
        level=logging.INFO,
        format="%(asctime)s %(levelname)s [%(name)s] %(message)s",
    )
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "3000"))), Handler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    log.info("listening on http://127.0.0.1:%s", server.server_port)
    server.serve_forever()


if __name__ == "__main__":
    main()
