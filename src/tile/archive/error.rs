//! What can be wrong with an archive.

/// Why an archive, or something in it, cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is not of the format, or of another version of it.
    #[error("it is no archive of the version that can be read: {0}")]
    Format(&'static str),
    /// A part of it contradicts another, or is cut off.
    #[error("the archive is damaged: {0}")]
    Damaged(&'static str),
    /// Something in it is larger than any tile or directory should be.
    #[error("the archive holds something of more than {0} bytes")]
    TooLarge(u64),
    /// The file cannot be read.
    #[error("the archive cannot be read: {0}")]
    File(#[from] std::io::Error),
    /// The database cannot be read.
    #[error("the archive cannot be read: {0}")]
    Database(#[from] rusqlite::Error),
}
