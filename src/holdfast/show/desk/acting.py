"""The archive, with deeds recorded under the name of who does them."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from holdfast.show import site

if TYPE_CHECKING:
    from holdfast.actions.archive import Archive


def on_behalf_of(name: str) -> Archive:
    """The archive that is shown; what is done through it is recorded under `name`.

    It shares everything that is open with the archive of the site: do not close it.

    Raises:
        BadValue: no version could be kept under such a name.
    """
    shared = site.archive()
    assert shared.catalog is not None  # opened now, so that the copy shares it and does not open its own
    acting = copy(shared)
    acting.settings = replace(shared.settings, custodian=name)
    return acting
