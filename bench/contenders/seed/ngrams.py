"""Hashed n-grams of a text: the same buckets as the server's `hashed-ngrams` encoding."""

import re
import unicodedata

import numpy as np

BLANK = 32
PRIME = 0x01000193
MASK = 0xFFFFFFFF
WORD_SALT = 0x811C9DC5
RUN_SALT = 0x2545F491
CHAR_SALT = 0x1B873593

# Letters and digits stay, apostrophes vanish, everything else parts words.
KEPT = re.compile(r"[0-9a-z$%&+]")
TABLE = {
    code: (None if chr(code) in "'`" else chr(code).lower() if KEPT.match(chr(code).lower()) else " ")
    for code in range(128)
}


def normalise(text: str) -> str:
    """Lower case, compatible forms folded together, one blank between words."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).lower()
        text = re.sub("[\u2018\u2019\u02bc]", "'", text)
        text = "".join(c if c.isascii() or unicodedata.category(c)[0] in "LMNS" else " " for c in text)
    return " ".join(text.translate(TABLE).split())


class HashedNgrams:
    """Encodes with NumPy: a loop over n-gram lengths, not over characters."""

    def __init__(self, buckets, wordNgrams, charNgrams, seed=0, **_):
        self.buckets = buckets
        self.words = wordNgrams
        self.chars = charNgrams
        self.seed = seed & MASK

    def encode(self, text: str) -> np.ndarray:
        """Buckets of a normalised text, with repeats, in no order."""
        hashes = [self._word_hashes(text)]
        codes = np.frombuffer(f" {text} ".encode("utf-16-le"), np.uint16).astype(np.uint32)
        running = np.full(len(codes), CHAR_SALT ^ self.seed, np.uint32)
        shortest, longest = self.chars
        for size in range(1, min(longest, len(codes)) + 1):
            running = (running[: len(codes) - size + 1] ^ codes[size - 1 :]) * np.uint32(PRIME)
            if size >= shortest:
                hashes.append(running)
        mixed = np.concatenate(hashes)
        mixed ^= mixed >> 16
        mixed *= np.uint32(0x85EBCA6B)
        mixed ^= mixed >> 13
        mixed *= np.uint32(0xC2B2AE35)
        mixed ^= mixed >> 16
        return ((mixed.astype(np.uint64) * (self.buckets - 1)) >> 32).astype(np.int64) + 1

    def _word_hashes(self, text: str) -> np.ndarray:
        words = []
        for word in text.split():
            value = WORD_SALT
            for char in word:
                value = ((value ^ ord(char)) * PRIME) & MASK
            words.append(value)
        out = []
        shortest, longest = self.words
        for start in range(len(words)):
            value = RUN_SALT ^ self.seed
            for size, word in enumerate(words[start : start + longest], 1):
                value = ((value ^ word) * PRIME) & MASK
                value ^= value >> 15
                if size >= shortest:
                    out.append(value)
        return np.array(out, np.uint32)
