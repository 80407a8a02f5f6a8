"""Wounds of folders, declarations and sidecars, and contradictions between old inventories and the newest."""

from __future__ import annotations

import copy
import hashlib

from tests.wounded.healthy import (
    FILM,
    WORDS,
    Files,
    Sample,
    after,
    in_sha256,
    moved,
    put_inventory,
    renamed,
    sha512,
    wound,
)

# ---------------------------------------------------------------------------------------------- folders and declaration


@wound("E001_stray_file_in_the_root")
def _(sample: Sample) -> None:
    sample.content["notes.txt"] = b"do not forget\n"


@wound("E001_stray_folder_in_the_root")
def _(sample: Sample) -> None:
    sample.content["drafts/notes.txt"] = b"do not forget\n"


@wound("E003_no_declaration")
def _(sample: Sample) -> None:
    after(sample, lambda files: files.pop("0=ocfl_object_1.1"))


@wound("E003_E063_nothing_but_a_note")
def _(sample: Sample) -> None:
    after(sample, lambda files: [files.pop(key) for key in list(files)])
    after(sample, lambda files: files.update({".keep": b""}))


@wound("E003_two_declarations")
def _(sample: Sample) -> None:
    sample.content["0=ocfl_object_1.0"] = b"ocfl_object_1.0\n"


@wound("E004_declaration_of_an_unknown_version")
def _(sample: Sample) -> None:
    sample.declaration = ("0=ocfl_object_7.3", b"ocfl_object_7.3\n")


@wound("E005_declaration_with_another_tag")
def _(sample: Sample) -> None:
    sample.declaration = ("1=ocfl_object_1.1", b"ocfl_object_1.1\n")


@wound("E006_declaration_of_a_storage_root")
def _(sample: Sample) -> None:
    sample.declaration = ("0=ocfl_1.1", b"ocfl_1.1\n")


@wound("E007_declaration_without_its_text")
def _(sample: Sample) -> None:
    sample.declaration = ("0=ocfl_object_1.1", b"ocfl_object_1.1")


@wound("E008_E036_no_versions_and_no_head")
def _(sample: Sample) -> None:
    sample.new.update(versions={}, manifest={})
    sample.new.pop("head")
    sample.content.clear()
    after(sample, lambda files: [files.pop(key) for key in list(files) if key.startswith("v1/")])


@wound("E009_versions_begin_with_2")
def _(sample: Sample) -> None:
    renamed(sample, {"v1": "v2"})


@wound("E010_a_version_is_skipped", 2)
def _(sample: Sample) -> None:
    renamed(sample, {"v2": "v3"})


@wound("E010_a_version_folder_is_missing", 2)
def _(sample: Sample) -> None:
    sample.new["head"] = "v3"
    sample.new["versions"]["v3"] = sample.new["versions"]["v2"]
    after(sample, lambda files: [moved(files, key, f"v3{key[2:]}") for key in list(files) if key.startswith("v2/inv")])
    after(sample, lambda files: files.pop("v2/content/000000"))


@wound("E011_E013_padding_runs_out", 2)
def _(sample: Sample) -> None:
    renamed(sample, {"v1": "v01", "v2": "v2"})


@wound("E012_padding_of_two_lengths", 2)
def _(sample: Sample) -> None:
    renamed(sample, {"v1": "v01", "v2": "v002"})


@wound("E015_content_beside_its_folder")
def _(sample: Sample) -> None:
    sample.content = {"v1/000000": FILM}
    sample.new["manifest"] = {sha512(FILM): ["v1/000000"]}


@wound("E017_content_folder_with_a_slash")
def _(sample: Sample) -> None:
    sample.new["contentDirectory"] = "content/films"


@wound("E018_content_folder_that_leaves")
def _(sample: Sample) -> None:
    sample.new["contentDirectory"] = ".."


@wound("E019_content_folder_renamed_after_v1", 2)
def _(sample: Sample) -> None:
    sample.old["contentDirectory"] = "stuff"


@wound("E020_content_folder_renamed_after_v2", 2)
def _(sample: Sample) -> None:
    odd = copy.deepcopy(sample.new) | {"contentDirectory": "stuff"}
    after(sample, lambda files: put_inventory(files, "v2/", odd))


@wound("E023_content_that_nobody_names")
def _(sample: Sample) -> None:
    sample.content["v1/content/000001"] = b"who am I?\n"


@wound("E023_an_old_manifest_lacks_a_file", 2)
def _(sample: Sample) -> None:
    sample.content["v1/content/000001"] = WORDS
    sample.new["manifest"][sha512(WORDS)].append("v1/content/000001")


# ------------------------------------------------------------------------------------------------- sidecars and history


@wound("E058_no_sidecar")
def _(sample: Sample) -> None:
    after(sample, lambda files: files.pop("inventory.json.sha512"))


@wound("E059_sidecar_of_another_algorithm")
def _(sample: Sample) -> None:
    after(sample, lambda files: moved(files, "inventory.json.sha512", "inventory.json.sha256"))


@wound("E060_E064_one_letter_of_the_inventory_changed")
def _(sample: Sample) -> None:
    def change(files: Files) -> None:
        files["inventory.json"] = files["inventory.json"].replace(b"A version", b"A Version")

    after(sample, change)


@wound("E060_one_letter_of_an_old_inventory_changed", 2)
def _(sample: Sample) -> None:
    def change(files: Files) -> None:
        files["v1/inventory.json"] = files["v1/inventory.json"].replace(b"A version", b"A Version")

    after(sample, change)


@wound("E061_sidecar_without_a_name")
def _(sample: Sample) -> None:
    after(sample, lambda files: files.update({"inventory.json.sha512": files["inventory.json.sha512"][:129]}))


@wound("E063_no_inventory")
def _(sample: Sample) -> None:
    after(sample, lambda files: [files.pop("inventory.json"), files.pop("inventory.json.sha512")])


@wound("E064_root_and_newest_version_differ")
def _(sample: Sample) -> None:
    other = copy.deepcopy(sample.new)
    other["versions"]["v1"]["message"] = "Another story"
    after(sample, lambda files: put_inventory(files, "v1/", other))


@wound("E066_an_old_state_told_differently", 2)
def _(sample: Sample) -> None:
    sample.old["versions"]["v1"]["state"] = {sha512(FILM): ["masters/another-film.mp4"]}


@wound("E066_E092_an_old_digest_told_differently", 2)
def _(sample: Sample) -> None:
    wrong = sha512(b"another film")
    sample.old["manifest"] = {wrong: ["v1/content/000000"]}
    sample.old["versions"]["v1"]["state"] = {wrong: ["masters/film.mp4"]}


@wound("E066_names_exchanged_when_the_algorithm_changed", 2)
def _(sample: Sample) -> None:
    in_sha256(sample.old, sample.content)
    sample.old["versions"]["v1"]["state"][hashlib.sha256(FILM).hexdigest()] = ["masters/another-film.mp4"]


@wound("E092_wrong_digest_from_before_the_algorithm_changed", 2)
def _(sample: Sample) -> None:
    in_sha256(sample.old, {"v1/content/000000": b"another film"})


@wound("E067_file_among_the_extensions")
def _(sample: Sample) -> None:
    sample.content["extensions/notes.txt"] = b"do not forget\n"


@wound("E103_a_later_version_of_an_earlier_ocfl", 2)
def _(sample: Sample) -> None:
    sample.new["type"] = "https://ocfl.io/1.0/spec/#inventory"
    sample.declaration = ("0=ocfl_object_1.0", b"ocfl_object_1.0\n")
