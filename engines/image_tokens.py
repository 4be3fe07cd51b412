"""How large a page a vision model sees, and how many tokens it counts for it. Rules come from the row's options.

Sources: OpenAI's images-vision guide (tiles of 512 px after scaling into 2048 px and to 768 px on the short side;
patches of 32 px under a cap, times a factor), Anthropic's vision guide (patches of 28 px), Google's media resolution
page (a fixed number for each resolution).
"""

from __future__ import annotations

from math import ceil, floor, sqrt

from engines.contract import EngineSpec

TILE, TILED_SQUARE, TILED_SHORT_SIDE = 512, 2048, 768


def seen_size(spec: EngineSpec, width: int, height: int) -> tuple[int, int]:
    """Width and height in pixels of what the model looks at, after its own limits; never larger than the page."""
    scale = min(1.0, (spec.image_limit.long_edge or max(width, height)) / max(width, height))
    width, height = _scaled(width, height, scale)
    match spec.options.get("vision"):
        case "tiles":
            return _tiled_size(width, height)
        case "patches":
            return _patched_size(width, height, _number(spec, "patch"), _number(spec, "most_patches"))
        case _:
            return width, height


def image_tokens(spec: EngineSpec, width: int, height: int) -> int:
    """Input tokens counted for a page of that size; 0 for engines that do not count tokens."""
    width, height = seen_size(spec, width, height)
    match spec.options.get("vision"):
        case "tiles":
            tiles = ceil(width / TILE) * ceil(height / TILE)
            return int(_number(spec, "base_tokens") + tiles * _number(spec, "tile_tokens"))
        case "patches":
            patch = _number(spec, "patch")
            return ceil(ceil(width / patch) * ceil(height / patch) * _number(spec, "tokens_per_patch"))
        case "fixed":
            return int(_number(spec, "image_tokens"))
        case _:
            return 0


def _tiled_size(width: int, height: int) -> tuple[int, int]:
    width, height = _scaled(width, height, min(1.0, TILED_SQUARE / max(width, height)))
    return _scaled(width, height, min(1.0, TILED_SHORT_SIDE / min(width, height)))


def _patched_size(width: int, height: int, patch: float, most_patches: float) -> tuple[int, int]:
    if ceil(width / patch) * ceil(height / patch) <= most_patches:
        return width, height
    scale = sqrt(patch * patch * most_patches / (width * height))
    # Shrink until one side is whole patches: a partly filled row of patches would count as a full one.
    across, down = width * scale / patch, height * scale / patch
    scale *= min(floor(across) / across, floor(down) / down) if min(across, down) >= 1 else 1.0
    return _scaled(width, height, scale)


def _scaled(width: int, height: int, scale: float) -> tuple[int, int]:
    return max(1, int(width * scale + 1e-6)), max(1, int(height * scale + 1e-6))


def _number(spec: EngineSpec, option: str) -> float:
    return float(spec.options[option])
