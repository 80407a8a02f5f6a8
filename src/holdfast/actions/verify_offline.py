"""Write the shell script with which an outsider checks the whole archive without Holdfast, and without Python.

It needs a POSIX shell, `find`, `sed`, `awk`, `sort`, `comm` and `sha512sum` (or macOS's `shasum`). It understands
inventories as Holdfast writes them (one value a line), which is why `formats/inventory` writes them so; others it names
and leaves out.
"""

from __future__ import annotations

from pathlib import Path

from holdfast.actions.archive import STORE, Archive
from holdfast.errors import TargetExists

SCRIPT_NAME = "verify-archive.sh"

SCRIPT = r"""#!/bin/sh
# Checks every byte of a Holdfast archive (an OCFL storage root) with standard tools only.
#
#   sh verify-archive.sh [FOLDER]     FOLDER holds ocfl/ (default: the folder of this script)
#
# For each object: its inventory.json has the digest that inventory.json.sha512 gives, and so have all older
# inventories; every content file that the inventory names is there and has its digest; no other content file is there.
# Prints one line for each thing that is wrong, then the counts. Exit code 0: all is well; 1: something is not.
set -u
LC_ALL=C
export LC_ALL

home=${1:-$(dirname "$0")}
root=$home/@STORE@
if [ ! -d "$root" ]; then
    echo "there is no folder $root" >&2
    exit 2
fi
if command -v sha512sum >/dev/null 2>&1; then
    digests() { sha512sum "$@"; }
elif command -v shasum >/dev/null 2>&1; then
    digests() { shasum -a 512 "$@"; }
else
    echo "neither sha512sum nor shasum was found" >&2
    exit 2
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
: >"$work/wrong"

say() { printf '%s\n' "$1" | tee -a "$work/wrong"; }

# The manifest of an inventory as lines "digest path", from its layout of one value a line.
manifest() {
    awk '
        /^  "manifest": \{/ { inside = 1; next }
        inside && /^  \}/   { exit }
        inside && /^    "[0-9a-f]*": \[/ { split($0, part, "\""); digest = part[2]; next }
        inside && /^      "/ { path = $0; sub(/^      "/, "", path); sub(/",?$/, "", path); print digest " " path }
    ' "$1"
}

find "$root" -type f -name '0=ocfl_object_*' | sort >"$work/objects"
objects=0
files=0
while IFS= read -r declaration; do
    object=$(dirname "$declaration")
    objects=$((objects + 1))
    for inventory in "$object"/inventory.json "$object"/v*/inventory.json; do
        [ -e "$inventory" ] || { [ "$inventory" = "$object/inventory.json" ] && say "MISSING $inventory"; continue; }
        if [ ! -e "$inventory.sha512" ]; then
            say "NO SIDECAR $inventory"
            continue
        fi
        expected=$(sed 's/[[:space:]].*//' "$inventory.sha512")
        found=$(digests <"$inventory" | sed 's/[[:space:]].*//')
        [ "$expected" = "$found" ] || say "DAMAGED $inventory"
    done
    [ -e "$object/inventory.json" ] || continue
    manifest "$object/inventory.json" >"$work/manifest"
    if [ ! -s "$work/manifest" ]; then
        say "NOT UNDERSTOOD $object/inventory.json (not written by Holdfast?)"
        continue
    fi
    while read -r digest path; do
        files=$((files + 1))
        if [ ! -f "$object/$path" ]; then
            say "MISSING $object/$path"
        elif [ "$(digests <"$object/$path" | sed 's/[[:space:]].*//')" != "$digest" ]; then
            say "DAMAGED $object/$path"
        fi
    done <"$work/manifest"
    sed 's/^[0-9a-f]* //' "$work/manifest" | sort >"$work/named"
    find "$object" -path '*/v*/content/*' -type f | sed "s|^.*/\(v[0-9]*/content/.*\)\$|\1|" | sort >"$work/present"
    comm -13 "$work/named" "$work/present" | while IFS= read -r path; do
        say "NOT IN THE INVENTORY $object/$path"
    done
done <"$work/objects"

wrong=$(wc -l <"$work/wrong" | tr -d ' ')
echo "$objects objects, $files content files checked, $wrong things wrong"
[ "$wrong" -eq 0 ]
"""


def verify_offline(archive: Archive, output: Path | None = None, *, force: bool = False) -> Path:
    """The script, written into the archive's folder or to `output`; its path. Raises TargetExists."""
    target = output or archive.folder / SCRIPT_NAME
    if target.is_dir():
        target = target / SCRIPT_NAME
    text = SCRIPT.replace("@STORE@", STORE)
    if target.exists() and target.read_text("utf-8", "replace") != text and not force:
        raise TargetExists(path=target)
    target.write_text(text, "utf-8")
    target.chmod(0o755)
    return target
