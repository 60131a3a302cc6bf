//! The rules for tags of tables, outside their cells.

use super::{Mode, NotPlain, Plain, Step};
use crate::block::html::names::{Class, Name};
use crate::block::html::tokenizer::Token;

impl Plain<'_> {
    /// Ends the innermost cell.
    pub(super) fn close_cell(&mut self, named: Option<Name>, token: &Token) -> Step {
        let Some(at) = self.find(|open| open.class == Class::Cell, |class| class == Class::Table)
        else {
            return Err(NotPlain);
        };
        self.close_from(at, named, token)?;
        self.mode = Mode::InRow;
        Ok(())
    }

    /// Ends what is open at the top, of one of the kinds of which a table consists.
    fn close_top(&mut self, class: Class, named: Option<Name>, token: &Token) -> Step {
        if self.open.last().is_none_or(|open| open.class != class) {
            return Err(NotPlain);
        }
        self.close_from(self.open.len() - 1, named, token)?;
        self.mode = match class {
            Class::Row => Mode::InSection,
            Class::Section | Class::ColumnGroup => Mode::InTable,
            // Around it there is a cell or none.
            _ => Mode::InBody,
        };
        Ok(())
    }

    pub(super) fn start_in_table(&mut self, name: Name, class: Class, token: &Token) -> Step {
        loop {
            match (self.mode, class) {
                (Mode::InRow, Class::Cell) => {
                    self.push(name, class, true, token)?;
                    self.mode = Mode::InBody;
                    return Ok(());
                }
                (Mode::InRow, Class::Row | Class::Section | Class::ColumnGroup | Class::Column) => {
                    self.close_top(Class::Row, None, token)?;
                }
                (Mode::InSection, Class::Row) => {
                    self.push(name, class, true, token)?;
                    self.mode = Mode::InRow;
                    return Ok(());
                }
                (Mode::InSection, Class::Cell) => {
                    self.imply("tr", Class::Row, token)?;
                    self.mode = Mode::InRow;
                }
                (Mode::InSection, Class::Section | Class::ColumnGroup | Class::Column) => {
                    self.close_top(Class::Section, None, token)?;
                }
                (Mode::InTable, Class::Section) => {
                    self.push(name, class, true, token)?;
                    self.mode = Mode::InSection;
                    return Ok(());
                }
                (Mode::InTable, Class::Row | Class::Cell) => {
                    self.imply("tbody", Class::Section, token)?;
                    self.mode = Mode::InSection;
                }
                (Mode::InTable, Class::ColumnGroup) => {
                    self.push(name, class, true, token)?;
                    self.mode = Mode::InColumnGroup;
                    return Ok(());
                }
                (Mode::InTable, Class::Column) => {
                    self.imply("colgroup", Class::ColumnGroup, token)?;
                    self.mode = Mode::InColumnGroup;
                }
                (Mode::InColumnGroup, Class::Column) => return self.insert_void(name, token),
                (
                    Mode::InColumnGroup,
                    Class::Row | Class::Cell | Class::Section | Class::ColumnGroup,
                ) => self.close_top(Class::ColumnGroup, None, token)?,
                // Everything else would be put before the table.
                _ => return Err(NotPlain),
            }
        }
    }

    pub(super) fn end_in_table(&mut self, name: Name, class: Class, token: &Token) -> Step {
        loop {
            match (self.mode, class) {
                (Mode::InRow, Class::Row) => {
                    return self.close_top(Class::Row, Some(name), token);
                }
                (Mode::InRow, Class::Table) => self.close_top(Class::Row, None, token)?,
                (Mode::InRow, Class::Section) => {
                    let section = self.open.len().checked_sub(2).and_then(|at| self.open.get(at));
                    if section.is_none_or(|open| open.name != name) {
                        return Err(NotPlain);
                    }
                    self.close_top(Class::Row, None, token)?;
                }
                (Mode::InSection, Class::Section) => {
                    if self.open.last().is_none_or(|open| open.name != name) {
                        return Err(NotPlain);
                    }
                    return self.close_top(Class::Section, Some(name), token);
                }
                (Mode::InSection, Class::Table) => self.close_top(Class::Section, None, token)?,
                (Mode::InColumnGroup, Class::ColumnGroup) => {
                    return self.close_top(Class::ColumnGroup, Some(name), token);
                }
                (Mode::InColumnGroup, Class::Table) => {
                    self.close_top(Class::ColumnGroup, None, token)?;
                }
                (Mode::InTable, Class::Table) => {
                    return self.close_top(Class::Table, Some(name), token);
                }
                _ => return Err(NotPlain),
            }
        }
    }
}
