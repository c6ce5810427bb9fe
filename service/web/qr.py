"""Private links as a picture that another phone reads with its camera."""

import segno


def qr_code(url: str) -> str:
    """Return a QR code as SVG, without a size of its own.

    Level M of error correction: read from a scratched or dim screen, and still coarse enough for
    an old camera.
    """
    code = segno.make(url, error="m")
    return str(code.svg_inline(omitsize=True, svgclass="qr", lineclass=None))
