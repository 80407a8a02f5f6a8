"""Wounds of an inventory by itself; the codes that are warnings stand at the end."""

from __future__ import annotations

import hashlib

from tests.wounded.healthy import FILM, WORDS, Sample, after, in_sha256, put_inventory, renamed, seal, sha512, wound

# ------------------------------------------------------------------------------------------------ basics of inventories


@wound("E025_md5_addresses_content")
def _(sample: Sample) -> None:
    digest = hashlib.md5(FILM).hexdigest()
    sample.new["digestAlgorithm"] = "md5"
    sample.new["manifest"] = {digest: ["v1/content/000000"]}
    sample.first["state"] = {digest: ["masters/film.mp4"]}


@wound("E030_sha256_cut_short")
def _(sample: Sample) -> None:
    sample.new["digestAlgorithm"] = "sha256"
    sample.new["manifest"] = {"abcdef": ["v1/content/000000"]}
    sample.first["state"] = {"abcdef": ["masters/film.mp4"]}


@wound("E031_sha512_cut_short")
def _(sample: Sample) -> None:
    sample.new["manifest"] = {"abcdef": ["v1/content/000000"]}
    sample.first["state"] = {"abcdef": ["masters/film.mp4"]}


@wound("E029_sha1_cut_short")
def _(sample: Sample) -> None:
    sample.new["fixity"] = {"sha1": {"abcdef": ["v1/content/000000"]}}


@wound("E032_blake2b_cut_short")
def _(sample: Sample) -> None:
    sample.new["fixity"] = {"blake2b-512": {"abcdef": ["v1/content/000000"]}}


@wound("E033_inventory_cut_short")
def _(sample: Sample) -> None:
    after(sample, lambda files: seal(files, "", files["inventory.json"][:200]))


@wound("E033_inventory_in_latin_1")
def _(sample: Sample) -> None:
    after(sample, lambda files: seal(files, "", files["inventory.json"].replace(b"A version", b"Vers\xe3o")))


@wound("E033_inventory_without_an_end")
def _(sample: Sample) -> None:
    after(sample, lambda files: seal(files, "", b"[" * 2000))


@wound("E033_a_key_twice")
def _(sample: Sample) -> None:
    after(sample, lambda files: seal(files, "", b'{"head": "v1", ' + files["inventory.json"][1:]))


@wound("E036_no_head")
def _(sample: Sample) -> None:
    sample.new.pop("head")


@wound("E036_no_id")
def _(sample: Sample) -> None:
    sample.new.pop("id")


@wound("E036_no_digest_algorithm")
def _(sample: Sample) -> None:
    sample.new.pop("digestAlgorithm")


@wound("E037_id_is_empty")
def _(sample: Sample) -> None:
    sample.new["id"] = ""


@wound("E037_E110_another_id_in_v1", 2)
def _(sample: Sample) -> None:
    sample.old["id"] = "holdfast:sample:somebody-else"


@wound("E038_type_of_an_unknown_version")
def _(sample: Sample) -> None:
    sample.new["type"] = "https://ocfl.io/7.3/spec/#inventory"


@wound("E038_type_of_another_version_than_declared")
def _(sample: Sample) -> None:
    sample.new["type"] = "https://ocfl.io/1.0/spec/#inventory"


@wound("E040_head_is_not_the_newest", 2)
def _(sample: Sample) -> None:
    sample.new["head"] = "v1"


@wound("E040_head_does_not_exist")
def _(sample: Sample) -> None:
    sample.new["head"] = "v999999999"


@wound("E040_head_is_an_object")
def _(sample: Sample) -> None:
    sample.new["head"] = {"version": 1}


@wound("E040_v1_says_it_is_v2", 2)
def _(sample: Sample) -> None:
    sample.old = sample.new


@wound("E041_no_manifest")
def _(sample: Sample) -> None:
    sample.new.pop("manifest")


@wound("E042_manifest_names_the_inventory")
def _(sample: Sample) -> None:
    sample.new["manifest"][sha512(FILM)].append("v1/inventory.json")


@wound("E043_no_versions")
def _(sample: Sample) -> None:
    sample.new.pop("versions")


@wound("E044_versions_are_a_list")
def _(sample: Sample) -> None:
    sample.new["versions"] = [sample.first]


@wound("E046_the_root_is_older_than_its_folders", 2)
def _(sample: Sample) -> None:
    after(sample, lambda files: put_inventory(files, "", sample.old))


@wound("E047_a_version_is_a_text")
def _(sample: Sample) -> None:
    sample.new["versions"]["v1"] = "the first"


@wound("E056_fixity_of_an_unknown_algorithm")
def _(sample: Sample) -> None:
    sample.new["fixity"] = {"crc-quick": {"abcdef": ["v1/content/000000"]}}


@wound("E102_a_key_that_ocfl_does_not_name")
def _(sample: Sample) -> None:
    sample.new["mood"] = "good"


# ------------------------------------------------------------------------------------------------------- version blocks


@wound("E048_a_version_without_a_date")
def _(sample: Sample) -> None:
    sample.first.pop("created")


@wound("E049_date_without_a_zone")
def _(sample: Sample) -> None:
    sample.first["created"] = "2026-11-23T12:00:00"


@wound("E049_date_without_seconds")
def _(sample: Sample) -> None:
    sample.first["created"] = "2026-11-23T12:00Z"


@wound("E049_E050_E054_E094_a_version_of_wrong_kinds")
def _(sample: Sample) -> None:
    sample.new["versions"]["v1"] = {"created": {}, "state": "whole", "message": ["a", "b"], "user": "Ada"}


@wound("E050_a_state_shows_what_is_not_there")
def _(sample: Sample) -> None:
    sample.first["state"][sha512(b"lost")] = ["masters/lost.mp4"]


@wound("E050_a_state_in_other_capitals")
def _(sample: Sample) -> None:
    sample.first["state"] = {sha512(FILM).upper(): ["masters/film.mp4"]}


@wound("E051_a_logical_path_outside_a_list")
def _(sample: Sample) -> None:
    sample.first["state"] = {sha512(FILM): "masters/film.mp4"}


@wound("E052_E053_logical_paths_that_leave")
def _(sample: Sample) -> None:
    sample.first["state"] = {sha512(FILM): ["/etc/film.mp4", "../../film.mp4", "masters//film.mp4", "masters/"]}


@wound("E052_logical_path_with_a_nul")
def _(sample: Sample) -> None:
    sample.first["state"] = {sha512(FILM): ["masters/film\0.mp4"]}


@wound("E054_a_user_without_a_name")
def _(sample: Sample) -> None:
    sample.first["user"].pop("name")


@wound("E095_a_logical_path_twice")
def _(sample: Sample) -> None:
    sample.first["state"] = {sha512(FILM): ["masters/film.mp4", "masters/film.mp4"]}


@wound("E095_a_logical_path_below_a_file")
def _(sample: Sample) -> None:
    sample.first["state"] = {sha512(FILM): ["masters", "masters-2", "masters/film.mp4"]}


# -------------------------------------------------------------------------------------------------- manifest and fixity


@wound("E092_content_digest_mismatch")
def _(sample: Sample) -> None:
    sample.content["v1/content/000000"] = FILM.replace(b"small", b"smell")


@wound("E092_E093_content_is_missing")
def _(sample: Sample) -> None:
    sample.new["manifest"][sha512(FILM)].append("v1/content/000001")
    sample.new["fixity"] = {"md5": {hashlib.md5(FILM).hexdigest(): ["v1/content/000000", "v1/content/000001"]}}


@wound("E092_content_paths_outside_a_list")
def _(sample: Sample) -> None:
    sample.new["manifest"] = {sha512(FILM): {"v1/content/000000": 1}}


@wound("E093_fixity_digest_mismatch")
def _(sample: Sample) -> None:
    sample.new["fixity"] = {"md5": {hashlib.md5(WORDS).hexdigest(): ["v1/content/000000"]}}


@wound("E057_fixity_block_is_a_list")
def _(sample: Sample) -> None:
    sample.new["fixity"] = {"md5": [hashlib.md5(FILM).hexdigest()]}


@wound("E096_a_digest_twice_in_the_manifest")
def _(sample: Sample) -> None:
    sample.content["v1/content/000001"] = FILM
    sample.new["manifest"][sha512(FILM).upper()] = ["v1/content/000001"]


@wound("E097_a_digest_twice_in_a_fixity_block")
def _(sample: Sample) -> None:
    digest = hashlib.md5(FILM).hexdigest()
    sample.new["fixity"] = {"md5": {digest: ["v1/content/000000"], digest.upper(): ["v1/content/000000"]}}


@wound("E099_E100_content_paths_that_leave")
def _(sample: Sample) -> None:
    sample.new["manifest"] = {sha512(FILM): ["/etc/passwd", "v1/content/../../../film", "v1/content//000000"]}


@wound("E099_E100_fixity_paths_that_leave")
def _(sample: Sample) -> None:
    digest = hashlib.md5(FILM).hexdigest()
    sample.new["fixity"] = {"md5": {digest: ["/etc/passwd", "v1/content/../content/000000"]}}


@wound("E101_a_content_path_twice")
def _(sample: Sample) -> None:
    sample.new["manifest"][sha512(FILM)].append("v1/content/000000")


@wound("E106_manifest_is_a_list")
def _(sample: Sample) -> None:
    sample.new["manifest"] = ["v1/content/000000"]


@wound("E107_a_digest_that_no_version_shows")
def _(sample: Sample) -> None:
    sample.content["v1/content/000001"] = WORDS
    sample.new["manifest"][sha512(WORDS)] = ["v1/content/000001"]


@wound("E111_fixity_is_a_list")
def _(sample: Sample) -> None:
    sample.new["fixity"] = []


# ------------------------------------------------------------------------------------------------------------- warnings


@wound("W001_padded_version_numbers")
def _(sample: Sample) -> None:
    renamed(sample, {"v1": "v0001"})


@wound("W002_a_folder_beside_the_content")
def _(sample: Sample) -> None:
    sample.content["v1/drafts/notes.txt"] = b"do not forget\n"


@wound("W004_sha256")
def _(sample: Sample) -> None:
    in_sha256(sample.new, sample.content)


@wound("W005_id_is_not_a_uri")
def _(sample: Sample) -> None:
    sample.new["id"] = "film 7"


@wound("W007_no_message_and_no_user")
def _(sample: Sample) -> None:
    sample.first.pop("message")
    sample.first.pop("user")


@wound("W008_user_without_an_address")
def _(sample: Sample) -> None:
    sample.first["user"].pop("address")


@wound("W009_address_is_not_a_uri")
def _(sample: Sample) -> None:
    sample.first["user"]["address"] = "the second door on the left"


@wound("W010_a_version_without_its_inventory", 2)
def _(sample: Sample) -> None:
    after(sample, lambda files: [files.pop("v1/inventory.json"), files.pop("v1/inventory.json.sha512")])


@wound("W011_an_old_message_told_differently", 2)
def _(sample: Sample) -> None:
    sample.old["versions"]["v1"]["message"] = "Another story"


@wound("W013_an_extension_that_is_not_registered")
def _(sample: Sample) -> None:
    sample.content["extensions/our-own/notes.txt"] = b"do not forget\n"
