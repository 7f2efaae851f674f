"""The habits of the house, checked by machine."""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import watchd

ROOT = Path(__file__).parents[1]
LONGEST_FILE = 250
LONGEST_FUNCTION = 60
# Where an error of any kind may be caught, by file, with the reason. Everywhere else only what is named is caught.
BROAD_EXCEPTS = {
    "watchd/store/savepoint.py": "a poison event, play or row is undone alone and quarantined, so that it stops nothing else",
    "watchd/store/database.py": "one work of a shared transaction fails alone; the error goes to whoever asked for it",
    "watchd/web/middleware.py": "the sender of a request that fails gets a 500, the others go on being served",
}

MODULES = sorted((ROOT / "watchd").rglob("*.py"))
Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(tree: ast.Module) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def project_files() -> Iterator[Path]:
    """What belongs to the project, as against what its tools leave behind."""
    left_behind = {".git", ".venv", "__pycache__", "dist", "out"}
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if name not in left_behind and not name.endswith("_cache") and name != ".hypothesis"]
        yield from (Path(folder, name) for name in names)


def test_the_changelog_begins_with_the_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[(\d[^\]]*)\] - \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    assert versions[0] == watchd.__version__


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    paths = re.compile(rb"(?<![\w.~-])/(?:work|root|farm)/|(?<![\w.~-])/home/(?!me\b|user\b)\w+/")
    hosts = re.compile(rb"\b(?:files\.)?pythonhosted\.org|\b(?:test\.)?pypi\.org|\bregistry\.npmjs\.org|\bdeb\.debian\.org")
    found = [
        f"{name_of(path)}: {match[0].decode()}"
        for path in project_files()
        if path.name != "uv.lock" and path != Path(__file__)
        for pattern in (paths, hosts)
        for match in pattern.finditer(path.read_bytes())
    ]
    assert found == []


def test_the_lock_names_the_public_index_alone() -> None:
    urls = re.findall(r'https?://[^/"]+', (ROOT / "uv.lock").read_text(encoding="utf-8"))
    assert set(urls) == {"https://pypi.org", "https://files.pythonhosted.org"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_in_a_docstring_what_it_is(path: Path) -> None:
    assert ast.get_docstring(tree_of(path))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_keeps_to_one_idea(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
    long = [f"{node.name}: {(node.end_lineno or 0) - node.lineno + 1}" for node in functions(tree_of(path))]
    assert [name for name in long if int(name.rpartition(" ")[2]) > LONGEST_FUNCTION] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_of_ours_stand_at_the_top(path: Path) -> None:
    late = [
        ast.unparse(node)
        for function in functions(tree_of(path))
        for node in ast.walk(function)
        if (isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").split(".")[0] == "watchd"))
        or (isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "watchd" for alias in node.names))
    ]
    assert late == []


def is_broad(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or (isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"}) for kind in caught)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_what_is_named_is_caught(path: Path) -> None:
    handlers = (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.ExceptHandler))
    broad = [f"line {node.lineno}" for node in handlers if is_broad(node)]
    if name_of(path) not in BROAD_EXCEPTS:
        assert broad == []
    else:
        assert len(broad) == 1, "an allowance that is not used, or used twice"


def test_every_package_has_its_marker() -> None:
    folders = {path.parent for top in ("watchd", "tests") for path in (ROOT / top).rglob("*.py")}
    assert [name_of(folder) for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []
