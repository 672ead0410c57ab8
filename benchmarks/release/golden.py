"""Note anew what the self-test expects, after a change of a weight, of the fusion or of a fused trace.

python benchmarks/release/golden.py
"""

import json

from tamperlens.reproduction._golden import GOLDEN, make_golden


def main() -> None:
    GOLDEN.write_text(json.dumps(make_golden(), indent=1) + "\n", encoding="utf-8")
    print(f"{GOLDEN.name} was written; 'tamperlens self-test' compares with it")


if __name__ == "__main__":
    main()
