"""Write the lock files anew: exact versions with hashes, no index and no file URLs."""

import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = str(ROOT / ".venv/bin/uv")
COMPILE = [
    UV, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes",
    "--no-header", "--no-emit-index-url", "--no-emit-find-links", "--no-annotate",
]  # fmt: skip


def compile_to(target: str, lines: list[str], *constraints: str) -> None:
    extra = [part for name in constraints for part in ("--constraint", f"requirements/{name}")]
    text = "\n".join(lines).encode()
    subprocess.run([*COMPILE, *extra, "-o", f"requirements/{target}", "-"], input=text, cwd=ROOT, check=True)


def main() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    build = ["hatchling", "editables"]
    dev = [line for line in project["dependency-groups"]["dev"] if line.split(">=")[0] not in build]
    core = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["mail"]]
    compile_to("bootstrap.txt", ["uv"])
    compile_to("core.txt", [*core, *build])
    compile_to("dev.txt", [*core, *build, *dev], "core.txt")


if __name__ == "__main__":
    main()
