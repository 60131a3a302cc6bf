//! The output folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::problem::Problem;

/// What goes where.
pub(crate) struct Output {
    pub(crate) folder: PathBuf,
    pub(crate) calendars: PathBuf,
    pub(crate) notices: PathBuf,
    pub(crate) journal: PathBuf,
    pub(crate) plan: PathBuf,
    pub(crate) report: PathBuf,
}

impl Output {
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            calendars: folder.join("calendars"),
            notices: folder.join("notices"),
            journal: folder.join("journal.jsonl"),
            plan: folder.join("plan.json"),
            report: folder.join("report.html"),
            folder: folder.to_owned(),
        }
    }

    /// Makes the folder for a preview.
    pub(crate) fn prepare_plan(&self) -> Result<(), Problem> {
        at(&self.folder, fs::create_dir_all(&self.folder))
    }

    /// Makes the folder ready for a run: takes away what an earlier run left, and nothing
    /// else, then copies the calendars as they are.
    pub(crate) fn prepare_run(&self, calendars: &Path) -> Result<(), Problem> {
        let sources = at(calendars, files(calendars, "ics"))?;
        at(&self.folder, fs::create_dir_all(&self.folder))?;
        let earlier = self.journal.exists();
        for (folder, ending) in [(&self.calendars, "ics"), (&self.notices, "eml")] {
            at(folder, fs::create_dir_all(folder))?;
            for file in at(folder, files(folder, ending))? {
                if !earlier {
                    return Err(Problem::file(
                        &file,
                        "already there, and not by an earlier run: name another folder with --out",
                    ));
                }
                at(&file, fs::remove_file(&file))?;
            }
        }
        // A plan of before the run says nothing about what is there after it.
        for file in [&self.plan, &self.report].into_iter().filter(|file| file.exists()) {
            at(file, fs::remove_file(file))?;
        }
        at(&self.journal, fs::write(&self.journal, ""))?;
        for file in sources {
            let copy = self.calendars.join(file.file_name().unwrap_or_default());
            at(&file, fs::read(&file).and_then(|bytes| fs::write(copy, bytes)))?;
        }
        Ok(())
    }
}

/// Writes a file in one go: whoever reads it sees the old or the new one, whole.
pub(crate) fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = file.with_extension("new");
    fs::write(&new, bytes)?;
    fs::rename(&new, file)
}

/// The files with this ending, by name.
pub(crate) fn files(folder: &Path, ending: &str) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() && path.extension().is_some_and(|e| e.eq_ignore_ascii_case(ending)) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn at<T>(path: &Path, result: io::Result<T>) -> Result<T, Problem> {
    result.map_err(|error| Problem::file(path, error))
}
