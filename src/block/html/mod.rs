//! HTML as token spans and a browser's tree over them.

mod builder;
pub(crate) mod cut;
pub(crate) mod graft;
pub(crate) mod names;
pub(crate) mod outline;
pub(crate) mod part;
pub(crate) mod phrasing;
mod plain;
mod reader;
pub(crate) mod reference;
mod runs;
mod seen;
mod sink;
mod skim;
pub(crate) mod tokenizer;
pub(crate) mod tree;
pub(crate) mod view;
