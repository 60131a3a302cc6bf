//! What is wrong with the input, or went wrong: where, and what.

use std::fmt;
use std::path::Path;

/// One thing that failed. The rest went on.
pub(crate) struct Problem {
    place: String,
    what: String,
}

impl Problem {
    pub(crate) fn new(place: impl fmt::Display, what: impl fmt::Display) -> Self {
        Self { place: place.to_string(), what: what.to_string() }
    }

    /// At a file.
    pub(crate) fn file(path: &Path, what: impl fmt::Display) -> Self {
        Self::new(path.display(), what)
    }

    /// At a line of a file, from 1.
    pub(crate) fn line(path: &Path, line: usize, what: impl fmt::Display) -> Self {
        Self::new(format_args!("{}: line {line}", path.display()), what)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}
