//! How far the run is, on standard error: a bar on a terminal, a line per user elsewhere.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

use meeting_migration::job::Status;

pub(crate) struct Progress {
    users: AtomicUsize,
    done: AtomicUsize,
    written: AtomicUsize,
    bar: bool,
}

const WIDTH: usize = 30;

impl Progress {
    pub(crate) fn new() -> Self {
        let bar = io::stderr().is_terminal();
        Self { users: 0.into(), done: 0.into(), written: 0.into(), bar }
    }

    /// So many users have a job.
    pub(crate) fn begin(&self, users: usize) {
        self.users.store(users, Ordering::Relaxed);
        self.draw();
    }

    /// An invitation was written.
    pub(crate) fn wrote(&self) {
        self.written.fetch_add(1, Ordering::Relaxed);
        self.draw();
    }

    /// A user's job has ended.
    pub(crate) fn ended(&self, job: &Status) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if !self.bar {
            let Status { user_id, state, total_meeting, failed_meeting, .. } = job;
            let users = self.users.load(Ordering::Relaxed);
            eprintln!(
                "{done}/{users} {user_id}: {state}, {total_meeting} meetings, {failed_meeting} failed"
            );
        }
        self.draw();
    }

    fn draw(&self) {
        if !self.bar {
            return;
        }
        let [users, done, written] =
            [&self.users, &self.done, &self.written].map(|count| count.load(Ordering::Relaxed));
        let full = WIDTH * done.min(users) / users.max(1);
        let mut line = format!(
            "\r[{}{}] {done}/{users} users, {written} invitations",
            "#".repeat(full),
            "-".repeat(WIDTH - full),
        );
        if done == users {
            line.push('\n');
        }
        // Who cannot see the bar can do without.
        let _ = io::stderr().write_all(line.as_bytes());
    }
}
