"""The Dockerfile, by reading it: nothing here can build an image."""

import re

from tests.places import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMMAND = re.compile(r"^([A-Z]+) (.*)", re.MULTILINE)


def commands(name):
    joined = DOCKERFILE.replace("\\\n", " ")
    return [arguments for command, arguments in COMMAND.findall(joined) if command == name]


def test_what_it_copies_is_there():
    for copied in commands("COPY"):
        source = next(word for word in copied.split() if not word.startswith("--"))
        assert (ROOT / source).exists(), source
    assert (ROOT / commands("CMD")[-1].split('"')[-2]).is_file()


def test_it_runs_as_nobody_special_and_writes_to_the_volume():
    assert commands("USER") == ["inkquest"]
    assert DOCKERFILE.index("USER ") < DOCKERFILE.index("CMD [")
    assert "INKQUEST_DATA=/data" in DOCKERFILE
    assert commands("VOLUME") == ["/data"]
    assert [copied for copied in commands("COPY") if copied.endswith(". .")] == ["--chown=root:root . ."]


def test_its_health_check_asks_where_the_app_listens():
    [check] = commands("HEALTHCHECK")
    assert "/inkquest/health" in check
    assert 'os.environ[\\"PORT\\"]' in check
    assert "HOST=0.0.0.0 PORT=7860" in commands("ENV")[0]


def test_what_git_does_not_keep_the_image_does_not_get():
    def listed(name):
        lines = (ROOT / name).read_text().splitlines()
        return {line.removeprefix("**/").strip("/").rstrip("*") for line in lines}

    assert listed(".gitignore") | {".env", ".git"} <= listed(".dockerignore")
