#!/bin/sh
# Checks every byte of a Holdfast archive (an OCFL storage root) with standard tools only.
#
#   sh verify-archive.sh [FOLDER]     FOLDER holds ocfl/ (if not given: the folder of this script)
#
# It needs a POSIX shell with find, awk, sed, sort and comm, and sha512sum or shasum. It asks of every object:
#
#   - is its inventory.json the one whose digest stands in inventory.json.sha512, in the object and in all its versions?
#   - is it the inventory of the newest version?
#   - is every content file there that it names, with the digest that it gives?
#   - is there nothing else?
#
# and prints one line for each thing that is wrong, then the counts. Objects that are gone as a whole leave no trace
# here: compare the number of objects with what you were told.
#
# Exit code 0: all is well. 1: something is not. 2: it could not be found out.
set -u
LC_ALL=C
export LC_ALL
unset CDPATH

case $0 in
*/*) home=${1:-${0%/*}} ;;
*) home=${1:-.} ;;
esac
if ! cd -- "$home/ocfl" 2>/dev/null; then
    printf 'there is no folder %s/ocfl\n' "$home" >&2
    exit 2
fi
if command -v sha512sum >/dev/null 2>&1; then
    digest=sha512sum
elif command -v shasum >/dev/null 2>&1; then
    digest='shasum -a 512'
else
    echo 'neither sha512sum nor shasum was found' >&2
    exit 2
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
unfinished=0

# What lies there. Everything but folders: a link in the place of a file is not that file.
find . ! -type d | sort >"$work/present" || unfinished=1
echo "reading $(wc -l <"$work/present" | tr -d ' ') files" >&2
find . -type f -exec $digest {} + | sed 's/^\([0-9a-f]*\) [ *]/\1 /' | sort >"$work/found"

# What should lie there: lines "digest path", from the manifests (Holdfast writes one value a line) and the sidecars;
# and in $work/allowed the paths of what is not named in a manifest but belongs to an object.
find . -name inventory.json ! -path '*/v[0-9]*/inventory.json' -type f -exec awk '
    FNR == 1 {
        finish()
        object = FILENAME
        sub(/\/inventory\.json$/, "", object)
        inside = names = 0
        algorithm = head = ""
    }
    /^  "digestAlgorithm": "/           { split($0, part, "\""); algorithm = part[4] }
    /^  "head": "v[0-9]*"/              { split($0, part, "\""); head = part[4] }
    /^  "manifest": \{/                 { inside = 1; next }
    /^  \}/                             { inside = 0 }
    inside && /^    "[0-9a-f]*": \[/    { split($0, part, "\""); digest = part[2] }
    inside && /^      "/ {
        path = $0
        sub(/^      "/, "", path)
        sub(/",?$/, "", path)
        print "named " digest " " object "/" path
        names++
    }
    END { finish() }
    function finish(   number) {
        if (object == "") return
        if (algorithm != "sha512" || head == "" || names == 0) print "strange " object
        print "head " object "/inventory.json " object "/" head "/inventory.json"
        for (number = 1; number <= substr(head, 2) + 0; number++) {
            print "allowed " object "/v" number "/inventory.json"
            print "allowed " object "/v" number "/inventory.json.sha512"
        }
    }
' {} + >"$work/inventories" || unfinished=1
find . -name inventory.json.sha512 -type f -exec awk '
    FNR == 1 { path = FILENAME; sub(/\.sha512$/, "", path); print "named " $1 " " path }
' {} + >"$work/sidecars" || unfinished=1

# Every folder with a declaration or an inventory is an object and must have both, and a sidecar.
{
    find . -name '0=ocfl_object_*' ! -type d
    find . -name 'inventory.json*' ! -path '*/v[0-9]*/inventory.json*' ! -type d
} | sed 's|/[^/]*$||' | sort -u >"$work/objects" || unfinished=1
sed 's|$|/inventory.json|; p; s|$|.sha512|' "$work/objects" | sort >"$work/required"
sed -n 's|/0=ocfl_object_1\.[01]$||p' "$work/present" | sort | comm -23 "$work/objects" - |
    sed 's|$|/0=ocfl_object_1.1|; s|^|MISSING |' >"$work/wrong"
grep -q '^\./0=ocfl_1\.[01]$' "$work/present" || echo 'MISSING ./0=ocfl_1.1' >>"$work/wrong"
comm -23 "$work/required" "$work/present" | sed 's/^/MISSING /' >>"$work/wrong"

# Digests that are not as they should be.
sed -n 's/^named //p' "$work/inventories" "$work/sidecars" | sort -u >"$work/named" || unfinished=1
comm -23 "$work/named" "$work/found" >"$work/unlike" || unfinished=1
awk -v found="$work/found" -v present="$work/present" '
    FILENAME == found   { path = substr($0, index($0, " ") + 1); if (path in bad) bad[path] = "DAMAGED"; next }
    FILENAME == present { if (bad[$0] == "MISSING") bad[$0] = "CANNOT BE READ"; else if (bad[$0] == "") delete bad[$0]; next }
                        { bad[substr($0, index($0, " ") + 1)] = "MISSING" }
    END                 { for (path in bad) print bad[path] " " path }
' "$work/unlike" "$work/found" "$work/present" | sort >>"$work/wrong"

# Inventories that are whole but not those of the newest version.
sed -n 's/^head //p' "$work/inventories" | awk -v found="$work/found" '
    FILENAME == found { if ($2 ~ /inventory\.json$/) digest[$2] = $1; next }
    digest[$1] != "" && digest[$2] != "" && digest[$1] != digest[$2] { print "NOT THE NEWEST " $1 }
    digest[$2] == "" { print "MISSING " $2 }
' "$work/found" - >>"$work/wrong"

# What nobody names.
{
    sed -n 's/^allowed //p' "$work/inventories"
    sed 's/^[0-9a-f]* //' "$work/named"
    sed 's/$/.sha512/' "$work/required"
    cat "$work/required"
    # Beside the declaration, the root itself may hold texts and extensions of its own.
    grep -e '/0=ocfl_object_1\.[01]$' -e '^\./[^/]*$' -e '^\./extensions/' "$work/present"
} | sort -u >"$work/known"
sed -n 's/^strange //p' "$work/inventories" >"$work/strange"
sed 's|^|NOT UNDERSTOOD |; s|$|/inventory.json (not written by Holdfast, or damaged)|' "$work/strange" >>"$work/wrong"
comm -13 "$work/known" "$work/present" | awk -v strange="$work/strange" '
    FILENAME == strange { object[$0]; next }
    { for (each in object) if (index($0, each "/") == 1) next; print "NOT IN THE INVENTORY " $0 }
' "$work/strange" - >>"$work/wrong"

sort -u "$work/wrong"
wrong=$(sort -u "$work/wrong" | wc -l | tr -d ' ')
objects=$(wc -l <"$work/objects" | tr -d ' ')
files=$(wc -l <"$work/named" | tr -d ' ')
echo "$objects objects, $files digests compared, $wrong things wrong"
[ "$wrong" -eq 0 ] || exit 1
if [ "$unfinished" -ne 0 ]; then
    echo 'not everything could be looked at: see the messages above' >&2
    exit 2
fi
