"""Write the clients anew: `python -m clients.generate`, which `make clients` calls."""

import json
import subprocess
import sys
from pathlib import Path

from clients.generate import python, typescript

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "openapi.json"


def write(folder: Path) -> list[Path]:
    """Write every file that is made from the document.

    Args:
        folder: Where `python/` and `typescript/` are.

    Returns:
        What was written.
    """
    document = json.loads(DOCUMENT.read_text("utf-8"))
    texts = {
        **{f"python/smedx_client/{name}": text for name, text in python.package(document).items()},
        "typescript/smedx.d.ts": typescript.declaration(document),
        "typescript/smedx.js": typescript.wrapper(document),
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    written = [folder / name for name in texts]
    config = str(ROOT / "pyproject.toml")
    ruff = (sys.executable, "-m", "ruff", "format", "--quiet", "--config", config)
    subprocess.run([*ruff, *(path for path in written if path.suffix == ".py")], check=True)
    return written


if __name__ == "__main__":
    for each in write(ROOT / "clients"):
        print(each.relative_to(ROOT))
