"""A certificate authority made on the spot, for 127.0.0.1 alone."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

_SUBJECT = "/CN=127.0.0.1"
_EXTENSIONS = ("subjectAltName=IP:127.0.0.1", "basicConstraints=critical,CA:TRUE")


def make_ca(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context, and the file that a client is to trust; needs the `openssl` command."""
    key, certificate = folder / "key.pem", folder / "ca.pem"
    line = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-days", "2", "-subj", _SUBJECT, "-keyout", str(key),
            "-out", str(certificate)]  # fmt: skip
    for extension in _EXTENSIONS:
        line += ["-addext", extension]
    subprocess.run(line, check=True, capture_output=True)  # noqa: S603
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, certificate
