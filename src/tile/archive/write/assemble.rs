//! From a spool to an archive.

use std::fs;

use super::Container;
use super::Description;
use super::Sizes;
use super::Spool;
use super::Unwritable;
use super::folder;
use super::mbtiles;
use super::pmtiles;
use super::target::discard;

impl Spool {
    /// Puts the archive together and gives it its name. The spool is gone then.
    ///
    /// # Errors
    /// When something cannot be written. The spool stays, and finishing can be tried again.
    pub fn finish(mut self, description: &Description) -> Result<Sizes, Unwritable> {
        self.flush()?;
        let finished = self.target.beside(".new");
        discard(&finished)?;
        let mut sizes = Sizes::of(&self)?;
        let write = match self.target.container() {
            Container::Pmtiles => pmtiles::write,
            Container::Mbtiles => mbtiles::write,
            Container::Folder => folder::write,
        };
        match write(&self, description, &sizes, &finished) {
            Ok(bytes) => sizes.bytes = bytes,
            Err(error) => {
                // What is unfinished takes room that may be lacking; the spool is all that is needed to go on.
                drop(discard(&finished));
                return Err(error);
            }
        }
        self.target.put_in_place(&finished)?;
        for path in [self.part(), self.journal_path()] {
            fs::remove_file(&path).map_err(Unwritable::at(&path))?;
        }
        Ok(sizes)
    }
}
