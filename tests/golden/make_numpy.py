"""Writes numpy.npz: every element type and layout that the npz reader knows, as numpy stores them."""
import io
import sys
import zipfile

import numpy as np

arrays = {name: np.array([[0, 1, 2], [3, 4, 5]], dtype=name)
          for name in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]}
arrays["b1"] = np.array([True, False, True])
arrays["fortran"] = np.asfortranarray(np.arange(24, dtype="i2").reshape(2, 3, 4))
arrays["scalar"] = np.array(-7, dtype="i8")
arrays["empty"] = np.zeros((0, 5), dtype="f4")
arrays["half"] = np.array([1.5, -0.0, 65504, 6e-8, np.inf, np.nan], dtype="f2")
arrays["names"] = np.array(["ann", "bob"])
arrays["bytes"] = np.array([b"ann", b"bob"])

with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for count, (name, array) in enumerate(arrays.items()):
        image = io.BytesIO()
        version = {"f4": (2, 0), "f8": (3, 0)}.get(name, (1, 0))
        np.lib.format.write_array(image, array, version=version)
        info = zipfile.ZipInfo(name + ".npy")
        info.compress_type = zipfile.ZIP_DEFLATED if count % 2 else zipfile.ZIP_STORED
        with archive.open(info, "w", force_zip64=True) as member:
            member.write(image.getvalue())
