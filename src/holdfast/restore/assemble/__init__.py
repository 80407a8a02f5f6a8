"""Assembly: from an edit list and found copies to a reconstruction that looks and sounds like one film."""

from holdfast.restore.assemble.assemble import assemble
from holdfast.restore.assemble.plan import whole_source
from holdfast.restore.assemble.record import Assembled, Contribution

__all__ = ["Assembled", "Contribution", "assemble", "whole_source"]
