from __future__ import annotations

import hashlib
import io
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from bot.service.backup.archive import Manifest, read_manifest, unpack, write
from bot.service.backup.errors import BackupError, DamagedBackupError

CONTENT = b"pages of a database"


def _manifest(size: int, digest: str) -> Manifest:
    made_at = datetime(2026, 11, 27, 9, tzinfo=UTC)
    return Manifest(
        debtscan="0.1.0", schema="0001", kind="sqlite", server="3", made_at=made_at, size=size, sha256=digest
    )


def _written(target: Path) -> Manifest:
    return write(target, _fill, _manifest)


def _fill(path: Path) -> None:
    path.write_bytes(CONTENT)


def test_content_and_manifest_come_back(tmp_path: Path) -> None:
    made = _written(tmp_path / "x.tar")

    assert (made.size, made.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    assert unpack(tmp_path / "x.tar", tmp_path / "content") == made
    assert (tmp_path / "content").read_bytes() == CONTENT
    assert (tmp_path / "content").stat().st_mode & 0o777 == 0o600


def test_everybody_s_tar_reads_it(tmp_path: Path) -> None:
    _written(tmp_path / "x.tar")

    with tarfile.open(tmp_path / "x.tar") as archive:
        assert archive.getnames() == ["manifest.json", "database"]


def test_a_backup_that_fails_leaves_the_last_one_as_it_is(tmp_path: Path) -> None:
    target = tmp_path / "x.tar"
    _written(target)
    before = target.read_bytes()

    def fail(path: Path) -> None:
        path.write_bytes(b"half")
        raise BackupError("the disk is full")

    with pytest.raises(BackupError, match="the disk is full"):
        write(target, fail, _manifest)
    assert [path.name for path in tmp_path.iterdir()] == ["x.tar"]
    assert target.read_bytes() == before


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=r"nowhere/x\.tar: cannot be written \(No such file or directory\)"):
        _written(tmp_path / "nowhere" / "x.tar")


def _tar(path: Path, *members: tuple[str, bytes]) -> Path:
    with tarfile.open(path, "w") as archive:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ((), "lacks manifest.json"),
        ((("database", b""),), "lacks manifest.json"),
        ((("manifest.json", b"{"),), "its manifest cannot be read"),
        ((("manifest.json", b'{"format": 1}'),), "its manifest cannot be read"),
        ((("manifest.json", b" " * 100_000),), "is no backup"),
    ],
)
def test_another_archive_is_told_apart(tmp_path: Path, members: tuple[tuple[str, bytes], ...], told: str) -> None:
    with pytest.raises(DamagedBackupError, match=told):
        read_manifest(_tar(tmp_path / "x.tar", *members))


def test_what_is_no_archive_is_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "x.tar"
    file.write_bytes(b"SQLite format 3\0" * 100)
    with pytest.raises(DamagedBackupError, match="is no whole backup"):
        read_manifest(file)
    with pytest.raises(BackupError, match="there is no such file"):
        read_manifest(tmp_path / "y.tar")
    with pytest.raises(BackupError, match="is a folder; name a file"):
        read_manifest(tmp_path)


def test_a_form_of_the_future_is_told_apart(tmp_path: Path) -> None:
    said = msgspec.json.encode(msgspec.structs.replace(_manifest(1, ""), format=2, debtscan="9.1"))
    with pytest.raises(BackupError, match=r"a newer debtscan made it \(9\.1\)"):
        read_manifest(_tar(tmp_path / "x.tar", ("manifest.json", said)))


def test_a_link_in_the_place_of_the_content_is_not_followed(tmp_path: Path) -> None:
    made = _written(tmp_path / "x.tar")
    with tarfile.open(tmp_path / "x.tar") as archive:
        manifest = archive.extractfile("manifest.json")
        assert manifest is not None
        said = manifest.read()
    with tarfile.open(tmp_path / "y.tar", "w") as archive:
        member = tarfile.TarInfo("manifest.json")
        member.size = len(said)
        archive.addfile(member, io.BytesIO(said))
        link = tarfile.TarInfo("database")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert made.size
    with pytest.raises(DamagedBackupError, match="lacks database"):
        unpack(tmp_path / "y.tar", tmp_path / "content")


def test_no_more_is_written_than_the_manifest_tells_of(tmp_path: Path) -> None:
    said = msgspec.json.encode(_manifest(10, ""))
    with pytest.raises(DamagedBackupError, match="not what was backed up"):
        unpack(_tar(tmp_path / "x.tar", ("manifest.json", said), ("database", bytes(5 << 20))), tmp_path / "content")
    assert (tmp_path / "content").stat().st_size <= 1 << 20


def test_a_content_that_is_larger_than_the_file_is_refused(tmp_path: Path) -> None:
    said = msgspec.json.encode(_manifest(1 << 40, ""))
    with tarfile.open(tmp_path / "x.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        member = tarfile.TarInfo("manifest.json")
        member.size = len(said)
        archive.addfile(member, io.BytesIO(said))
        holes = tarfile.TarInfo("database")
        holes.size = 1
        holes.pax_headers = {"GNU.sparse.map": f"0,1,{1 << 40},0", "GNU.sparse.size": str(1 << 40)}
        archive.addfile(holes, io.BytesIO(b"x"))
    with pytest.raises(DamagedBackupError, match="lacks database"):
        unpack(tmp_path / "x.tar", tmp_path / "content")
