"""How a film becomes a fingerprint, and a copy that is asked about a `Look`: one decoding pass, thinned as it goes.

pdq         256 bits that say what a small picture shows; mirrored and turned ones by the signs of coefficients
thumbs      a frame of any size as 128 x 128 means
activity    how much every frame differs from the one before it, and where shots begin
borders     the part of the picture that is not bars
views       which windows of which pictures are hashed, and which of those are kept
points      local features of chosen frames, and of a picture that is asked about
stills      a few small pictures for people
exchange    published hashes, one a second, for other programs
make, look  the pass itself: `fingerprint` keeps what belongs to a work, `look` all that a question needs
written     a `Look` as bytes, so that a copy can be asked about again without being decoded
"""
