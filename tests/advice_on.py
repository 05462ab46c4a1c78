"""How often advice speaks on real post-mortems: `python -m tests.advice_on DIRECTORY` reads every .md below it.

Every hint is printed to be judged; all together must stay at or below one in 1,000 words, so the false ones do too.
"""

import sys
from pathlib import Path

from pmcore import advice
from pmcore.domain.advice import hints

MOST = 1.0  #: hints in 1,000 words


def main(directory: str) -> int:
    words = count = 0
    for path in sorted(Path(directory).rglob("*.md")):
        text = path.read_text(encoding="utf-8", errors="replace")
        words += len(text.split())
        for hint in hints(text, advice.rules()):
            count += 1
            around = " ".join(text[max(0, hint.start - 50) : hint.end + 50].split())
            print(f"{path.name}: {hint.rule}: {hint.excerpt!r} in ...{around}...")
    if not words:
        print(f"There is no .md file below {directory}.")
        return 2
    rate = 1000 * count / words
    print(f"{count} hints in {words} words: {rate:.2f} in 1,000; at most {MOST:.0f}.")
    return 0 if rate <= MOST else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "docs"))
