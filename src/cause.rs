//! What an implementor's own code answered when something failed.

use std::error::Error;
use std::fmt;

/// An error of the caller's calendar, mail, provisioning or store, kept whole.
///
/// `Display` and `source` are the inner error's, so it stands in a chain as itself.
/// `Debug` prints none of it: what it quotes may be somebody's invitation. For the same
/// reason its text never gets into a report or a status record.
pub struct Cause(Box<dyn Error + Send + Sync>);

impl Cause {
    /// Keeps `error`.
    pub fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(error.into())
    }

    /// The error that was kept.
    #[must_use]
    pub fn inner(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.0
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cause(..)")
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}
