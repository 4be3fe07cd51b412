"""Weights by folder or by hub repository -> a folder on this machine. Knows nothing of the models inside.

What was fetched once is used without asking the hub again; a first fetch tells its progress and fails within seconds
where there is no network.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engines.contract import listener, report_progress
from engines.errors import EngineUnavailable, WeightsMissing
from translations import _

if TYPE_CHECKING:
    from tqdm.std import tqdm  # type: ignore[import-untyped]

DESCRIPTIONS = ("*.json", "*.txt", "*.model", "*.jinja")
SAFE_WEIGHTS = ("*.safetensors",)
PICKLED_WEIGHTS = ("pytorch_model.bin",)


def weights_folder(source: str, revision: str = "", pickled: bool = False) -> Path:
    """The folder of a model: `source` itself if it is one, else a copy of that hub repository at that revision.

    `pickled` allows pytorch_model.bin where a repository holds no safetensors; whoever loads it must refuse code in it
    (`weights_only`). Raises `WeightsMissing`, or `EngineUnavailable` for a repository without weights we would load.
    """
    if Path(source).expanduser().is_dir():
        return Path(source).expanduser()
    folder = _fetch(source, revision, SAFE_WEIGHTS)
    if pickled and not any(folder.glob("*.safetensors")):
        folder = _fetch(source, revision, PICKLED_WEIGHTS)
    if not any(folder.glob("*.safetensors")) and not (pickled and any(folder.glob("pytorch_model.bin"))):
        raise EngineUnavailable(
            _("{model} holds no safetensors, and other formats can carry code.", model=source),
            fix=_("Choose a revision that holds model.safetensors."),
        )
    return folder


def _fetch(repo_id: str, revision: str, weights: tuple[str, ...]) -> Path:
    import httpx2
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import (
        GatedRepoError,
        HFValidationError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    wanted: dict[str, Any] = {"revision": revision or None, "allow_patterns": [*DESCRIPTIONS, *weights]}
    try:
        return Path(snapshot_download(repo_id, local_files_only=True, **wanted))
    except HFValidationError as error:
        raise WeightsMissing(_("{model} is neither a folder here nor a hub repository.", model=repo_id)) from error
    except OSError:
        report_progress(_("fetching {model}", model=repo_id))
    try:
        return Path(snapshot_download(repo_id, etag_timeout=5, tqdm_class=_told_download(repo_id), **wanted))
    except GatedRepoError as error:
        raise WeightsMissing(
            _("The hub gives {model} only to accounts that accepted its licence.", model=repo_id),
            fix=_("Accept it on {address} and set HF_TOKEN.", address=f"https://huggingface.co/{repo_id}"),
        ) from error
    except (RepositoryNotFoundError, RevisionNotFoundError) as error:
        said = _("The hub has no repository {model}, or it is private.", model=repo_id)
        if revision:
            said = _(
                "The hub has no repository {model} at revision {revision}, or it is private.",
                model=repo_id,
                revision=revision,
            )
        raise WeightsMissing(said) from error
    except (OSError, ValueError, httpx2.HTTPError) as error:
        raise WeightsMissing(
            _("The weights of {model} are not on this machine and the hub cannot be reached.", model=repo_id),
            fix=_("Connect to the network, or fetch them elsewhere: {command}", command=f"hf download {repo_id}"),
        ) from error


def _told_download(repo_id: str) -> type[tqdm[Any]]:
    """A progress bar that prints nothing and tells the listener of this reading; the hub's threads draw it."""
    from tqdm.std import tqdm

    tell: Callable[[str, float | None], None] = listener.get() or (lambda doing, share: None)
    doing = _("downloading {model}", model=repo_id)  # here: the hub's threads do not know the visitor's language

    class ToldDownload(tqdm):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - tqdm's own signature
            super().__init__(*args, **{**kwargs, "file": io.StringIO()})

        def display(self, *_args: Any, **_named: Any) -> None:  # noqa: ANN401
            if self.unit == "B" and self.total and not self.disable:  # a closed bar draws itself once more
                tell(doing, min(1.0, self.n / self.total))

    return ToldDownload
