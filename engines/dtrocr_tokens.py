"""Text to tokens and back, for DTrOCR: characters for models trained here, GPT-2's byte pairs for community weights."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from engines.errors import EngineUnavailable

GPT2_END = 50256


class Vocabulary(Protocol):
    """Text to token ids and back; `end` marks both ends of a text and fills batches."""

    end: int
    size: int

    def encode(self, text: str) -> list[int]:
        """Token ids of a text, without marks."""

    def decode(self, tokens: list[int]) -> str:
        """The text of token ids, without marks."""


class Characters:
    """One token per character; characters outside the alphabet are left out."""

    end = 0

    def __init__(self, alphabet: str) -> None:
        self.size = len(alphabet) + 1
        self._letters = alphabet
        self._ids = {letter: place + 1 for place, letter in enumerate(alphabet)}

    def encode(self, text: str) -> list[int]:
        """Token ids of a text, without marks."""
        return [self._ids[letter] for letter in text if letter in self._ids]

    def decode(self, tokens: list[int]) -> str:
        """The text of token ids, without marks."""
        return "".join(self._letters[token - 1] for token in tokens if token)


class BytePairs:
    """GPT-2's tokens; their two files must lie beside the weights. Raises `EngineUnavailable`."""

    end = GPT2_END
    size = GPT2_END + 1

    def __init__(self, folder: Path) -> None:
        from transformers import GPT2Tokenizer

        if not (folder / "vocab.json").is_file() or not (folder / "merges.txt").is_file():
            raise EngineUnavailable(
                "A DTrOCR checkpoint with GPT-2 tokens needs vocab.json and merges.txt beside it.",
                fix=f"Copy both from huggingface.co/openai-community/gpt2 to {folder}.",
            )
        self._tokenizer = GPT2Tokenizer.from_pretrained(folder)

    def encode(self, text: str) -> list[int]:
        """Token ids of a text, without marks."""
        tokens: list[int] = self._tokenizer.encode(text)
        return tokens

    def decode(self, tokens: list[int]) -> str:
        """The text of token ids, without marks."""
        return str(self._tokenizer.decode([token for token in tokens if token != GPT2_END]))
