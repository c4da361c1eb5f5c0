//! Why an archive cannot be written.

use std::io;
use std::io::ErrorKind;
use std::path::Path;
use std::path::PathBuf;

/// Why an archive cannot be written, for who asked for it.
#[derive(Debug, thiserror::Error)]
pub enum Unwritable {
    /// There is something of that name.
    #[error("{0} is there already: choose another name, or replace it with --force")]
    Exists(PathBuf),
    /// A file cannot be put in the place of a folder, nor a folder in that of a file.
    #[error("{0} is a {1}, which is not replaced by a {2}: choose another name")]
    OtherKind(PathBuf, &'static str, &'static str),
    /// The name says no kind of archive.
    #[error("{0}: the name of an archive ends in .pmtiles or .mbtiles; without an ending it is a folder of files")]
    Ending(PathBuf),
    /// The folder that it would lie in is not there.
    #[error("there is no folder {0} to write into: make it first")]
    NoFolder(PathBuf),
    /// The disk is full.
    #[error("there is no room left for {0}: make some and run the same command again, it goes on where it stopped")]
    Full(PathBuf),
    /// Another process is at it.
    #[error("{0} is being written by another process")]
    Busy(PathBuf),
    /// Nothing is there to go on with.
    #[error("there is nothing to go on with: {0} was not begun, or not with these data and settings")]
    NotBegun(PathBuf),
    /// The file cannot be written or read again.
    #[error("{0} cannot be written: {1}")]
    File(PathBuf, #[source] io::Error),
    /// The database cannot be written.
    #[error("{0} cannot be written: {1}")]
    Database(PathBuf, #[source] rusqlite::Error),
    /// What was spooled is not what it was.
    #[error("{0} is damaged: remove it and run the command again")]
    Damaged(PathBuf),
}

impl Unwritable {
    /// Tells what went wrong with a file.
    pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> Self {
        move |error| match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Self::Full(path.to_owned()),
            _ => Self::File(path.to_owned(), error),
        }
    }

    /// Tells what went wrong with a database.
    pub(super) fn in_database(path: &Path) -> impl Fn(rusqlite::Error) -> Self {
        move |error| match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full(path.to_owned()),
            _ => Self::Database(path.to_owned(), error),
        }
    }
}
