"""A token service on loopback, as a registry's: it signs who may read what, for a real registry that believes it.

https://distribution.github.io/distribution/spec/auth/token/ and …/jwt/
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import trustme
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509 import load_pem_x509_certificate

SERVICE, ISSUER = "registry.test", "issuer.test"
# Whoever comes with this login, or with this identity token, may read everything; others what is public.
LOGIN, IDENTITY = "Basic " + base64.b64encode(b"user:secret").decode(), "an-identity-token"
PUBLIC = "public/"


@dataclass
class Tokens:
    """Signs tokens; `url` is the address of the service once it runs, `asked` each scope and the login it came with.

    Where `registry` (a host) is set, the service stands before it at the same address, as one door for both.
    """

    folder: Path
    url: str = ""
    registry: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._pair = trustme.CA().issue_cert("token.test")
        self.certificate.write_bytes(self._pair.cert_chain_pems[0].bytes())

    @property
    def certificate(self) -> Path:
        """Where the registry finds whom to believe."""
        return self.folder / "tokens.pem"

    @property
    def settings(self) -> str:
        """The registry's settings, as a piece of YAML."""
        return (
            f"auth: {{token: {{realm: '{self.url}/token', service: {SERVICE}, issuer: {ISSUER}, "
            f"rootcertbundle: '{self.certificate}'}}}}\n"
        )

    def token(self, repository: str, *actions: str) -> str:
        """Return a signed token that allows so much in one repository."""
        pem = self._pair.private_key_pem.bytes()
        key = serialization.load_pem_private_key(pem, None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        chain = load_pem_x509_certificate(self._pair.cert_chain_pems[0].bytes())
        der = base64.b64encode(chain.public_bytes(serialization.Encoding.DER)).decode()
        now = int(time.time())
        access = [{"type": "repository", "name": repository, "actions": list(actions)}]
        claims = {"iss": ISSUER, "sub": "", "aud": SERVICE, "exp": now + 300, "nbf": now - 10, "iat": now, "jti": "1"}
        text = ".".join(map(_packed, ({"typ": "JWT", "alg": "ES256", "x5c": [der]}, {**claims, "access": access})))
        numbers = decode_dss_signature(key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        signature = b"".join(number.to_bytes(32, "big") for number in numbers)
        return f"{text}.{_base64(signature)}"

    def answer(self, scope: str, *, known: bool) -> dict[str, str]:
        """Return the service's document for a scope (``repository:a/b:pull``)."""
        _, repository, _actions = scope.split(":")
        may_read = known or repository.startswith(PUBLIC)
        return {"token": self.token(repository, *(["pull"] if may_read else []))}


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _packed(value: object) -> str:
    return _base64(json.dumps(value).encode())


@contextlib.contextmanager
def token_service(folder: Path) -> Iterator[Tokens]:
    """Run the service on a free port."""
    tokens = Tokens(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/v2/"):
                self._forward()
                return
            self._reply(parse_qs(urlsplit(self.path).query), self.headers.get("authorization", ""))

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            self._reply(form, form["refresh_token"][0])

        def _reply(self, fields: dict[str, list[str]], login: str) -> None:
            (scope,) = fields["scope"]
            tokens.asked.append((scope, login))
            if login not in {"", LOGIN, IDENTITY}:
                self.send_error(401)
                return
            body = json.dumps(tokens.answer(scope, known=bool(login))).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _forward(self) -> None:
            connection = http.client.HTTPConnection(tokens.registry, timeout=10)
            login = self.headers.get("authorization")
            connection.request("GET", self.path, headers={"authorization": login} if login else {})
            response = connection.getresponse()
            body = response.read()
            connection.close()
            self.send_response(response.status)
            for name in ("www-authenticate", "content-type"):
                if value := response.headers.get(name):
                    self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    tokens.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield tokens
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
