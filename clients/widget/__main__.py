"""Start a service with a key of its own, and another website that embeds the widget."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from clients.widget.server import another_website

SERVICE, WEBSITE = 8010, 8011
COMMAND = (sys.executable, "-m", "service.cli")


def main() -> None:
    """Serve until Ctrl+C; what is recorded meanwhile is thrown away.

    Raises:
        SystemExit: If something else listens there.
    """
    origin = f"http://127.0.0.1:{WEBSITE}"
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'demo.sqlite3'}"
        environment = {**os.environ, "DATABASE_URL": database, "PORT": str(SERVICE)}
        create = ("keys", "create", "--kind", "publishable", "--name", "Demo", "--origin", origin)
        created = subprocess.run(
            [*COMMAND, *create], env=environment, check=True, capture_output=True, text=True
        )
        try:
            website = another_website(
                WEBSITE, f"http://127.0.0.1:{SERVICE}", created.stdout.strip()
            )
        except OSError as error:
            raise SystemExit(f"{origin} cannot be served: {error.strerror}") from error
        threading.Thread(target=website.serve_forever, daemon=True).start()
        service = subprocess.Popen([*COMMAND, "serve", "--prepare"], env=environment)
        signal.signal(signal.SIGTERM, lambda *_: service.terminate())
        print(f"The widget is shown on {origin} (stop with Ctrl+C)", flush=True)
        try:
            service.wait()
        except KeyboardInterrupt:  # the service has got it too
            service.wait()


if __name__ == "__main__":
    main()
