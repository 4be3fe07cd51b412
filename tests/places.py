"""Where the project lies, and the founders' measured material beside it, which a clone alone does not have."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
