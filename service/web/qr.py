"""Private links as a picture that another phone reads with its camera."""

import segno
from markupsafe import Markup


def qr_code(url: str) -> Markup:
    """Return a QR code as SVG, without a size of its own.

    Level M of error correction: read from a scratched or dim screen, and still coarse enough for
    an old camera.
    """
    code = segno.make(url, error="m")
    return Markup(code.svg_inline(omitsize=True, svgclass="qr", lineclass=None))  # noqa: S704 - segno writes it, from a link
