//! Text that may be used but not printed.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

/// Text about a person or a secret: a subject, a name, a place, a passcode.
///
/// It reads like a `&str`, serialises like a string, and prints only its size in
/// `Debug`, so that a type which holds it can derive `Debug` and stay private.
///
/// ```
/// let subject = meeting_migration::Private::from("Salary review");
/// assert_eq!(subject.as_str(), "Salary review");
/// assert_eq!(format!("{subject:?}"), "Private(13 bytes)");
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Private(String);

impl Private {
    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text itself, owned.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl Deref for Private {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<S: Into<String>> From<S> for Private {
    fn from(text: S) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Private({} bytes)", self.0.len())
    }
}
