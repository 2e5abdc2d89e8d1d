"""Which package of PyPI a Python module comes from."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from types import MappingProxyType

DIFFERENT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "attr": "attrs",
        "bs4": "beautifulsoup4",
        "Crypto": "pycryptodome",
        "Cryptodome": "pycryptodomex",
        "cv2": "opencv-python",
        "dateutil": "python-dateutil",
        "decouple": "python-decouple",
        "django_filters": "django-filter",
        "dns": "dnspython",
        "docx": "python-docx",
        "dotenv": "python-dotenv",
        "environ": "django-environ",
        "fitz": "pymupdf",
        "git": "gitpython",
        "github": "pygithub",
        "gitlab": "python-gitlab",
        "gi": "pygobject",
        "grpc": "grpcio",
        "jose": "python-jose",
        "jwt": "pyjwt",
        "kafka": "kafka-python",
        "ldap": "python-ldap",
        "magic": "python-magic",
        "memcache": "python-memcached",
        "multipart": "python-multipart",
        "MySQLdb": "mysqlclient",
        "nacl": "pynacl",
        "OpenSSL": "pyopenssl",
        "openid": "python3-openid",
        "past": "future",
        "PIL": "pillow",
        "pkg_resources": "setuptools",
        "pptx": "python-pptx",
        "pylab": "matplotlib",
        "pythoncom": "pywin32",
        "rest_framework": "djangorestframework",
        "ruamel": "ruamel-yaml",
        "saml2": "pysaml2",
        "serial": "pyserial",
        "skimage": "scikit-image",
        "sklearn": "scikit-learn",
        "slugify": "python-slugify",
        "snowflake": "snowflake-connector-python",
        "socks": "pysocks",
        "telegram": "python-telegram-bot",
        "usb": "pyusb",
        "websocket": "websocket-client",
        "win32api": "pywin32",
        "win32com": "pywin32",
        "Xlib": "python-xlib",
        "yaml": "pyyaml",
        "zmq": "pyzmq",
    }
)
"""Modules whose package has another name."""

_SHARED = frozenset({"google", "azure", "zope", "backports", "sphinxcontrib", "jaraco", "opentelemetry", "plone"})
"""Namespaces that many packages share: the first name of an import does not tell which."""


def package_of(module: str) -> str | None:
    """Return the normalised name of the package that a top-level module most likely comes from.

    None for the standard library, for private modules and for namespaces that many packages share.
    """
    if module in sys.stdlib_module_names or module in _SHARED or module.startswith("_"):
        return None
    return re.sub(r"[-_.]+", "-", DIFFERENT_NAMES.get(module, module)).lower()


def own_modules(paths: Iterable[str]) -> frozenset[str]:
    """Return the top-level modules that the repository itself holds."""
    files = frozenset(path for path in paths if path.endswith(".py"))
    own = set()
    for path in files:
        folder, _, name = path.rpartition("/")
        if name == "__init__.py" and folder:
            above, _, package = folder.rpartition("/")
            if f"{above}/__init__.py".lstrip("/") not in files:
                own.add(package)
        elif folder in {"", "src"}:
            own.add(name.removesuffix(".py"))
    return frozenset(own)
