from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme

from analyzers.errors import FetchError
from analyzers.http import surroundings
from analyzers.http.surroundings import proxy_for, tls_context


@pytest.mark.parametrize(
    ("url", "environ", "proxy"),
    [
        ("https://pypi.org/simple", {}, ""),
        ("https://pypi.org/simple", {"HTTPS_PROXY": "http://p:3128"}, "http://p:3128"),
        ("https://pypi.org/simple", {"https_proxy": "p:3128", "HTTPS_PROXY": "http://other"}, "http://p:3128"),
        ("https://pypi.org/simple", {"HTTP_PROXY": "http://p:3128"}, ""),
        ("http://pypi.org/simple", {"HTTP_PROXY": "http://p:3128"}, "http://p:3128"),
        ("https://pypi.org/simple", {"ALL_PROXY": "http://p:3128"}, "http://p:3128"),
    ],
)
def test_the_environment_names_the_proxy(url: str, environ: dict[str, str], proxy: str) -> None:
    assert proxy_for(url, environ) == proxy


@pytest.mark.parametrize(
    ("no_proxy", "host", "direct"),
    [
        ("*", "pypi.org", True),
        ("pypi.org", "pypi.org", True),
        (".org", "pypi.org", True),
        ("*.corp.example", "a.corp.example", True),
        ("corp.example", "a.corp.example", True),
        ("corp.example", "acorp.example", False),
        ("other.org, PyPI.org", "pypi.org", True),
        ("pypi.org:443", "pypi.org", True),
        ("pypi.org:8443", "pypi.org", False),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("10.1.2.3", "10.1.2.3", True),
        ("::1", "[::1]", True),
        ("", "pypi.org", False),
    ],
)
def test_hosts_are_exempt_from_it(no_proxy: str, host: str, direct: bool) -> None:
    proxy = proxy_for(f"https://{host}/", {"https_proxy": "http://p:1", "NO_PROXY": no_proxy})
    assert (proxy == "") == direct


def test_a_named_bundle_stands_in_for_the_system(tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(bundle))
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT"):
        assert len(tls_context({name: str(bundle)}).get_ca_certs()) == 1
    assert tls_context({}).verify_mode == ssl.CERT_REQUIRED


def test_a_further_authority_is_added(tmp_path: Path) -> None:
    bundle, extra, broken = tmp_path / "ca.pem", tmp_path / "extra.pem", tmp_path / "broken.pem"
    trustme.CA().cert_pem.write_to_path(str(bundle))
    trustme.CA().cert_pem.write_to_path(str(extra))
    broken.write_text("nothing")
    environ = {"SSL_CERT_FILE": str(bundle)}
    assert len(tls_context(environ | {"NODE_EXTRA_CA_CERTS": str(extra)}).get_ca_certs()) == 2
    assert len(tls_context(environ | {"NODE_EXTRA_CA_CERTS": str(broken)}).get_ca_certs()) == 1


def test_a_bundle_that_cannot_be_read_is_named() -> None:
    with pytest.raises(FetchError, match=r"/no/such/file\.pem"):
        tls_context({"SSL_CERT_FILE": "/no/such/file.pem"})


def test_a_system_without_authorities_gets_bundled_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "_system_has_authorities", lambda: False)
    assert tls_context({}).get_ca_certs()
