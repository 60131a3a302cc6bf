//! HTML as token spans and a browser's tree over them.

pub(crate) mod cut;
pub(crate) mod reference;
pub(crate) mod tokenizer;
pub(crate) mod tree;
pub(crate) mod view;
