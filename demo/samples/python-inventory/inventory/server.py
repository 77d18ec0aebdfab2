"""The service behind a socket."""

import json
import logging
import os
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from inventory.routes import handle
from inventory.stock import Stock
from inventory.warehouses import Warehouses

log = logging.getLogger("inventory")


def create_server(stock: Stock, port: int) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            text = self.rfile.read(int(self.headers.get("content-length") or 0))
            try:
                status, body = handle(stock, self.command, self.path, json.loads(text) if text else None)
            except json.JSONDecodeError:
                status, body = 400, {"error": "the body is not JSON"}
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

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def main() -> None:
    logging.basicConfig(
        filename=os.environ.get("LOG_FILE"),
        level=logging.INFO,
        format="%(asctime)s %(levelname)s [%(name)s] %(message)s",
    )
    server = create_server(Stock(Warehouses(["berlin", "malmo"])), int(os.environ.get("PORT", "3000")))
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    log.info("listening on http://127.0.0.1:%s", server.server_port)
    server.serve_forever()


if __name__ == "__main__":
    main()
