"""What is known to move together although its registry does not say so. Looked through in November 2026.

A family stands here when its members refuse each other's versions, or are only tested at one. What merely belongs to
one topic does not: pytest's plugins, for one, each follow a pace of their own, and one bad plugin would hold the rest.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from bot.name_patterns import matches_any


class Family(NamedTuple):
    """`names` are patterns within one ecosystem; `reason` ends the sentence "they move together: …"."""

    ecosystem: str
    name: str
    names: tuple[str, ...]
    reason: str


FAMILIES: Final = (
    Family(
        "npm",
        "react",
        ("react", "react-dom", "react-is", "react-test-renderer", "@types/react", "@types/react-dom"),
        "react-dom refuses another version of react, and the types describe one major",
    ),
    Family("npm", "react-native", ("react-native", "@react-native/*"), "the parts of React Native are of one version"),
    Family("npm", "angular", ("@angular/*", "@angular-devkit/*", "@schematics/angular"), "Angular's are peers"),
    Family("npm", "babel", ("@babel/*",), "Babel's plugins and presets need the core of their line"),
    Family("npm", "jest", ("jest", "jest-*", "babel-jest", "ts-jest", "@jest/*", "@types/jest"), "Jest's are peers"),
    Family("npm", "vitest", ("vitest", "@vitest/*"), "Vitest's parts ask for their own exact version"),
    Family(
        "npm",
        "vue",
        ("vue", "@vue/compiler-*", "@vue/runtime-*", "@vue/server-renderer", "@vue/shared", "vue-template-compiler"),
        "the compiler refuses another version of the runtime",
    ),
    Family("npm", "nuxt", ("nuxt", "@nuxt/kit", "@nuxt/schema", "@nuxt/vite-builder"), "Nuxt's are of one version"),
    Family("npm", "next", ("next", "@next/*", "eslint-config-next"), "Next.js and its parts are of one version"),
    Family("npm", "svelte", ("svelte", "@sveltejs/vite-plugin-svelte"), "the plugin needs the compiler of its line"),
    Family("npm", "eslint", ("eslint", "@eslint/js", "@eslint/eslintrc"), "ESLint's own rules are of its version"),
    Family(
        "npm",
        "typescript-eslint",
        ("typescript-eslint", "@typescript-eslint/*"),
        "the plugin refuses another version of the parser",
    ),
    Family("npm", "storybook", ("storybook", "@storybook/*", "eslint-plugin-storybook"), "Storybook's are peers"),
    Family(
        "npm", "nestjs", ("@nestjs/common", "@nestjs/core", "@nestjs/platform-*", "@nestjs/testing"), "Nest's are peers"
    ),
    Family("npm", "prisma", ("prisma", "@prisma/*"), "the client refuses another version of the generator"),
    Family("npm", "tiptap", ("@tiptap/*",), "Tiptap's are peers of one version"),
    Family(
        "npm",
        "tailwindcss",
        ("tailwindcss", "@tailwindcss/postcss", "@tailwindcss/vite", "@tailwindcss/cli"),
        "one engine",
    ),
    Family("npm", "opentelemetry", ("@opentelemetry/*",), "its parts share types of one version"),
    Family("npm", "aws-sdk", ("@aws-sdk/*",), "the clients share parts of one version"),
    Family("npm", "aws-cdk", ("aws-cdk-lib", "@aws-cdk/*"), "the constructs need the library of their version"),
    Family("npm", "emotion", ("@emotion/*",), "Emotion's are peers"),
    Family("npm", "lexical", ("lexical", "@lexical/*"), "Lexical's parts ask for their own exact version"),
    Family(
        "npm", "playwright", ("playwright", "playwright-core", "@playwright/test"), "one driver and one set of browsers"
    ),
    Family("npm", "puppeteer", ("puppeteer", "puppeteer-core"), "one protocol and one browser"),
    Family("npm", "sentry", ("@sentry/*",), "Sentry's parts refuse another version of the core"),
    Family("npm", "graphql-codegen", ("@graphql-codegen/*",), "the plugins share one version of the helpers"),
    Family("pypi", "boto", ("boto3", "botocore", "aiobotocore", "s3transfer"), "each needs one line of botocore"),
    Family(
        "pypi", "boto-types", ("boto3-stubs", "botocore-stubs", "mypy-boto3-*"), "they describe one version of boto3"
    ),
    Family("pypi", "opentelemetry", ("opentelemetry-*",), "the contributed parts need the exact version of the API"),
    Family("pypi", "pydantic", ("pydantic", "pydantic-core"), "pydantic needs one exact version of its core"),
    Family("pypi", "grpc", ("grpcio", "grpcio-*"), "generated code refuses another version of the runtime"),
    Family("pypi", "torch", ("torch", "torchvision", "torchaudio"), "each build needs one exact version of torch"),
    Family("pypi", "jax", ("jax", "jaxlib"), "jax needs the jaxlib of its line"),
    Family("pypi", "psycopg", ("psycopg", "psycopg-binary", "psycopg-c"), "the parts in C are of the exact version"),
    Family("pypi", "polars", ("polars", "polars-runtime-*"), "polars needs one exact version of its runtime"),
    Family("pypi", "spacy", ("spacy", "thinc"), "spaCy needs one line of thinc"),
    Family("pypi", "transformers", ("transformers", "tokenizers"), "transformers needs one line of tokenizers"),
    Family("pypi", "celery", ("celery", "kombu", "vine", "billiard"), "Celery needs one line of each"),
    Family("pypi", "kubernetes", ("kubernetes", "kubernetes-stubs*"), "the types describe one version of the client"),
    Family("pypi", "django-types", ("django-stubs", "django-stubs-ext"), "the types are of one version"),
    Family("pypi", "jupyterlab", ("jupyterlab", "jupyterlab-server", "notebook"), "they share one front end"),
    Family("npm", "kubernetes", ("@kubernetes/client-node", "kubernetes-client*"), "they speak one version of the API"),
    Family("golang", "kubernetes", ("k8s.io/*",), "the modules of Kubernetes are of one version"),
    Family(
        "githubactions",
        "artifact",
        ("actions/upload-artifact", "actions/download-artifact"),
        "one cannot read what another major of the other wrote",
    ),
    Family(
        "githubactions",
        "pages",
        ("actions/deploy-pages", "actions/upload-pages-artifact", "actions/configure-pages"),
        "the one deploys what the other packed",
    ),
    Family(
        "githubactions", "codeql", ("github/codeql-action", "github/codeql-action/*"), "the parts share one database"
    ),
    Family(
        "terraform",
        "aws-modules",
        ("terraform-aws-modules/eks/*", "terraform-aws-modules/iam/*"),
        "eks takes roles of iam",
    ),
)


def known_family(ecosystem: str, name: str) -> tuple[str, str] | None:
    """Return the family that a name belongs to, and why it moves as one; None for what moves alone."""
    lower = name.lower()
    return next(
        ((one.name, one.reason) for one in FAMILIES if one.ecosystem == ecosystem and matches_any(lower, one.names)),
        None,
    )
