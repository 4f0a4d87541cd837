#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes an OCI image archive from folders, without a registry, a daemon or root.

Each --root is one layer, in order. The archive depends only on the folders' names, modes and contents and on the options:
entries are sorted, owned by root and dated 1970, so equal input gives equal digests, and images that begin with the same
roots share those layers wherever they are stored."""

import argparse
import hashlib
import io
import json
import os
import platform
import stat
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
OCI = "application/vnd.oci.image"


@dataclass(frozen=True)
class Blob:
    """A part of the archive: its media type and digest, and the file or the bytes that hold it."""

    media_type: str
    digest: str
    size: int
    content: Path | bytes

    def descriptor(self, **more):
        return {"mediaType": self.media_type, "digest": self.digest, "size": self.size, **more}


class Digesting(io.RawIOBase):
    """Passes what is written on to a file, and knows its digest."""

    def __init__(self, target):
        self._target = target
        self._hash = hashlib.sha256()

    def writable(self):
        return True

    def write(self, data):
        self._hash.update(data)
        return self._target.write(data)

    @property
    def digest(self):
        return f"sha256:{self._hash.hexdigest()}"


def entries(root):
    """Every path below the root, a folder before what it holds."""
    for folder, folders, files in os.walk(root):
        folders.sort()
        yield from (Path(folder, name) for name in sorted(folders + files))


def layer(root, folder):
    """Writes the root's layer into the folder. Uncompressed: it is read once, on the machine that made it."""
    path = Path(folder, "layer")
    with path.open("wb") as file:
        digesting = Digesting(file)
        with tarfile.open(fileobj=digesting, mode="w|", format=tarfile.PAX_FORMAT) as archive:
            add_all(archive, root)
    kept = path.rename(Path(folder, digesting.digest.removeprefix("sha256:")))
    return Blob(f"{OCI}.layer.v1.tar", digesting.digest, kept.stat().st_size, kept)


def add_all(archive, root):
    first_links = {}
    for path in sorted(entries(root), key=lambda one: one.relative_to(root).parts):
        found = path.lstat()
        entry = tarfile.TarInfo(str(path.relative_to(root)))
        entry.mode = stat.S_IMODE(found.st_mode)
        if stat.S_ISDIR(found.st_mode):
            entry.type = tarfile.DIRTYPE
        elif stat.S_ISLNK(found.st_mode):
            entry.type, entry.linkname = tarfile.SYMTYPE, os.readlink(path)
        elif not stat.S_ISREG(found.st_mode):
            raise SystemExit(f"mkimage: {path} is neither file, folder nor symbolic link")
        elif (known := first_links.setdefault(found.st_ino, entry.name)) != entry.name:
            entry.type, entry.linkname = tarfile.LNKTYPE, known
        if entry.isreg():
            entry.size = found.st_size
            with path.open("rb") as content:
                archive.addfile(entry, content)
        else:
            archive.addfile(entry)


def document(media_type, value):
    content = json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
    return Blob(media_type, f"sha256:{hashlib.sha256(content).hexdigest()}", len(content), content)


def write_archive(target, index, blobs):
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + ".new")
    with tarfile.open(unfinished, "w", format=tarfile.PAX_FORMAT) as archive:
        files = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}', "index.json": index.content}
        files |= {f"blobs/sha256/{one.digest.removeprefix('sha256:')}": one.content for one in blobs}
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.mode = 0o644
            with io.BytesIO(content) if isinstance(content, bytes) else content.open("rb") as source:
                entry.size = source.seek(0, os.SEEK_END)
                source.seek(0)
                archive.addfile(entry, source)
    unfinished.replace(target)


def make(options):
    running_on = ARCHITECTURES[platform.machine()]
    config = {"Env": [PATH, *options.env], "WorkingDir": options.workdir}
    if options.entrypoint:
        config["Entrypoint"] = options.entrypoint
    if options.cmd:
        config["Cmd"] = options.cmd
    if options.user:
        config["User"] = options.user
    with tempfile.TemporaryDirectory(prefix="mkimage-", dir=options.scratch) as folder:
        layers = [layer(root, folder) for root in options.root]
        image = document(
            f"{OCI}.config.v1+json",
            {
                "architecture": running_on,
                "os": "linux",
                "config": config,
                "rootfs": {"type": "layers", "diff_ids": [one.digest for one in layers]},
            },
        )
        manifest = document(
            f"{OCI}.manifest.v1+json",
            {
                "schemaVersion": 2,
                "mediaType": f"{OCI}.manifest.v1+json",
                "config": image.descriptor(),
                "layers": [one.descriptor() for one in layers],
            },
        )
        named = {
            "io.containerd.image.name": options.ref,
            "org.opencontainers.image.ref.name": options.ref.rpartition(":")[2],
        }
        entry = manifest.descriptor(platform={"architecture": running_on, "os": "linux"}, annotations=named)
        index = document(f"{OCI}.index.v1+json", {"schemaVersion": 2, "mediaType": f"{OCI}.index.v1+json", "manifests": [entry]})
        write_archive(options.archive, index, [*layers, image, manifest])
    return manifest.digest


def words(text):
    """A JSON list of strings, as Dockerfiles write entry points."""
    value = json.loads(text)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise argparse.ArgumentTypeError(f"not a JSON list of strings: {text}")
    return value


def options_from(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ref", required=True, help="the image's name, such as kumo.local/curl:1")
    parser.add_argument("--root", required=True, action="append", type=Path, help="a folder that becomes a layer")
    parser.add_argument("--entrypoint", type=words, help='such as ["/pause"]')
    parser.add_argument("--cmd", type=words)
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--user", default="", help="UID[:GID]")
    parser.add_argument("--workdir", default="/")
    parser.add_argument("archive", type=Path)
    options = parser.parse_args(arguments)
    for root in options.root:
        if not root.is_dir():
            parser.error(f"{root} is not a folder")
    options.archive.parent.mkdir(parents=True, exist_ok=True)
    options.scratch = options.archive.parent
    return options


if __name__ == "__main__":
    chosen = options_from(sys.argv[1:])
    print(chosen.ref, make(chosen), f"{chosen.archive.stat().st_size / 1e6:.1f} MB")
