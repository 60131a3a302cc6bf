//! The main job, end to end: what an admin changed, and the calendars of their users, in;
//! rewritten invitations, notices to attendees, a journal and a report out.
//!
//! ```text
//! cargo run --release --example migrate
//! cargo run --release --example migrate -- \
//!     --changes examples/data/tenant/changes-with-trouble.jsonl --out out-trouble
//! cargo run --release --example migrate -- --help
//! ```
//!
//! Without arguments it runs on the sample tenant in `examples/data/tenant`, where
//! all goes well (exit status 0); the second command meets an unknown user and two meetings
//! that fail (exit status 1). Calendar, mail, provisioning and store are the four traits
//! that a service implements; here they are a folder of `.ics` files, a folder of `.eml`
//! files, templates, and memory with the journal in a file.

mod arguments;
mod folder;
mod journal;
mod outbox;
mod output;
mod problem;
mod progress;
mod report;
mod settings;
mod templates;
mod terminal;
mod view;

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::path::Path;
use std::pin::pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use chrono::{DateTime, Utc};
use meeting_migration::Service;
use meeting_migration::calendar::PageToken;
use meeting_migration::job::{CorrelationId, State, Status};
use meeting_migration::journal::{Entry, Event};
use meeting_migration::meeting::{MeetingId, UserId};
use meeting_migration::plan::{JobPlan, MeetingPlan};
use meeting_migration::report::Report;
use meeting_migration::service::Observed;
use meeting_migration::store::{StatusQuery, Store, StoreError, Summary};
use meeting_migration::trigger::way_out;

use self::arguments::{Arguments, HELP};
use self::folder::FolderCalendar;
use self::journal::JournalFile;
use self::outbox::{Outbox, Sent};
use self::output::Output;
use self::problem::Problem;
use self::progress::Progress;
use self::settings::{Settings, User};
use self::templates::Templates;
use self::view::{Class, UserView};

/// All there is to tell in the end.
pub(crate) struct Account {
    pub(crate) now: DateTime<Utc>,
    pub(crate) preview: bool,
    pub(crate) summary: Summary,
    pub(crate) users: Vec<UserView>,
    pub(crate) ignored: Vec<Ignored>,
    pub(crate) problems: Vec<Problem>,
    /// How many notices went out.
    pub(crate) notices: usize,
}

/// A change that calls for nothing.
pub(crate) struct Ignored {
    pub(crate) user: UserId,
    pub(crate) change: &'static str,
    pub(crate) why: String,
    pub(crate) way_out: String,
}

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let arguments = match Arguments::parse(std::env::args_os().skip(1)) {
        Ok(Some(arguments)) => arguments,
        Ok(None) => {
            print(&format!("{HELP}\n"));
            return ExitCode::SUCCESS;
        }
        Err(usage) => {
            eprintln!("migrate: {usage}; see --help");
            return ExitCode::from(2);
        }
    };
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let mut text = error.to_string();
            let mut source = error.source();
            while let Some(error) = source {
                text = format!("{text}: {error}");
                source = error.source();
            }
            eprintln!("migrate: {text}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all went well.
fn run(arguments: &Arguments) -> Result<bool, Failure> {
    let Arguments { calendars, tenant, changes, out, earlier, now, preview } = arguments;
    let mut problems = Vec::new();
    let Some(settings) = Settings::read(tenant, &mut problems) else {
        return Ok(tell(&problems));
    };
    let output = Output::new(out);
    let prepared = if *preview { output.prepare_plan() } else { output.prepare_run(calendars) };
    if let Err(problem) = prepared {
        problems.push(problem);
        return Ok(tell(&problems));
    }
    let folder =
        FolderCalendar::open(calendars, &settings.users, &output.calendars, *now, &mut problems);
    let events = settings::changes(changes, *now, &mut problems);
    let earlier = earlier.as_deref().map(|path| (path, journal::earlier(path)));
    let earlier = match earlier {
        Some((_, Ok(plans))) => plans,
        Some((path, Err(error))) => {
            problems.push(Problem::file(path, error.to_string()));
            HashMap::new()
        }
        None => HashMap::new(),
    };
    let world = World { settings: &settings, folder: &folder, output: &output, earlier, now: *now };
    let (ignored, outcome) = block_on(world.work(changes, &events, *preview, &mut problems))?;
    let Outcome { summary, mut users, plans, sent } = outcome;
    if *preview {
        let json = serde_json::to_string_pretty(&plans)?;
        output::replace(&output.plan, json.as_bytes())
            .map_err(|error| format!("{}: {error}", output.plan.display()))?;
    }
    users.sort_by_key(|user| user.failure.is_none() && user.count(Class::Failed) == 0);
    for user in &users {
        for meeting in user.meetings.iter().filter(|meeting| meeting.class == Class::Failed) {
            let what = format!("meeting {}: {}", meeting.id, meeting.outcome);
            problems.push(match folder.place(&user.status.user_id, &meeting.id) {
                Some((file, line)) => Problem::line(file, line, what),
                None => Problem::new(&user.status.user_id, what),
            });
        }
    }
    for Sent { organizer, meeting, left_out } in sent.values().filter(|sent| sent.left_out > 0) {
        let what = format!(
            "meeting {meeting}: {left_out} of its attendees were not told, for no message can \
             carry their addresses"
        );
        problems.push(match folder.place(organizer, meeting) {
            Some((file, line)) => Problem::line(file, line, what),
            None => Problem::new(organizer, what),
        });
    }
    let notices = sent.len();
    let account =
        Account { now: *now, preview: *preview, summary, users, ignored, problems, notices };
    output::replace(&output.report, report::html(&account).as_bytes())
        .map_err(|error| format!("{}: {error}", output.report.display()))?;
    print(&terminal::summary(&account, &output));
    let failed = account.users.iter().any(|user| user.status.state == State::Failed);
    Ok(tell(&account.problems) && !failed)
}

/// A reader that went away needs no answer.
fn print(text: &str) {
    let _ = io::stdout().write_all(text.as_bytes());
}

/// Names what failed; `true` when nothing did.
fn tell(problems: &[Problem]) -> bool {
    for problem in problems {
        eprintln!("migrate: {problem}");
    }
    problems.is_empty()
}

/// What a run works on.
struct World<'a> {
    settings: &'a Settings,
    folder: &'a FolderCalendar,
    output: &'a Output,
    /// What the run before wrote into each meeting.
    earlier: HashMap<MeetingId, MeetingPlan>,
    now: DateTime<Utc>,
}

struct Outcome {
    summary: Summary,
    users: Vec<UserView>,
    /// What a preview would do; empty after a run.
    plans: Vec<JobPlan>,
    /// What went out.
    sent: BTreeMap<String, Sent>,
}

type Migrate<'a> = Service<&'a FolderCalendar, Outbox<'a>, Templates<'a>, JournalFile>;

impl World<'_> {
    async fn work(
        &self,
        changes: &Path,
        events: &[settings::Event],
        preview: bool,
        problems: &mut Vec<Problem>,
    ) -> Result<(Vec<Ignored>, Outcome), Failure> {
        let users = self.settings.users.iter();
        // The users are not known before the changes are observed, which needs the store.
        let progress = Arc::new(Progress::new());
        let store = if preview {
            JournalFile::nowhere()
        } else {
            let progress = progress.clone();
            JournalFile::open(&self.output.journal, move |entry: &Entry| {
                if matches!(entry.event, Event::Done { .. }) {
                    progress.wrote();
                }
            })?
        };
        let store = store.with_earlier(self.earlier.clone());
        let names = users.clone().map(|(id, user)| (id, user.name.as_str())).collect();
        let mail = Outbox::new(self.output.notices.clone(), self.folder, names, self.now);
        let templates: BTreeMap<_, _> =
            users.map(|(id, user)| (id, user.templates.as_slice())).collect();
        let service = Service::new(self.folder, mail, Templates(templates), store)
            .with_policy(self.settings.policy.clone());
        service.set_tenant(self.settings.tenant, &"migrate".into(), self.now).await?;
        let ignored = self.observe(&service, changes, events, problems).await?;
        let outcome = if preview {
            self.preview(&service).await?
        } else {
            self.migrate(&service, &progress).await?
        };
        Ok((ignored, outcome))
    }

    /// Tells the service what the admin did, in the order of the file.
    async fn observe(
        &self,
        service: &Migrate<'_>,
        changes: &Path,
        events: &[settings::Event],
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<Ignored>, Failure> {
        let mut ignored = Vec::new();
        for event in events {
            let Some(User { account, .. }) = self.settings.users.get(&event.user) else {
                let why = match self.settings.left_out.contains(&event.user) {
                    true => "the settings of this user cannot be read",
                    false => "no such user in the settings",
                };
                let what = format!("{}: {why}", event.user);
                problems.push(Problem::line(changes, event.line, what));
                continue;
            };
            let seen = service.observe(&event.change, &event.user, account, event.at).await?;
            if let Observed::Ignored(why) = seen {
                let ways = way_out(why, account, &self.settings.tenant, &self.settings.policy);
                let ways: Vec<_> = ways.iter().map(ToString::to_string).collect();
                ignored.push(Ignored {
                    user: event.user.clone(),
                    change: settings::name(&event.change),
                    why: why.to_string(),
                    way_out: ways.join("; or: "),
                });
            }
        }
        Ok(ignored)
    }

    /// Runs every job. Instead of waiting for a hold to end, the clock is moved on.
    async fn migrate(
        &self,
        service: &Migrate<'_>,
        progress: &Progress,
    ) -> Result<Outcome, Failure> {
        let jobs = service.status(&StatusQuery::all()).await?;
        progress.begin(jobs.len());
        let mut clocks = vec![self.now];
        for job in &jobs {
            clocks.extend(service.store().job(&job.correlation_id).await?.and_then(|job| job.due));
        }
        clocks.retain(|clock| *clock >= self.now);
        clocks.sort_unstable();
        for clock in clocks {
            while let Some(ran) = service.run_next(&|| clock).await? {
                progress.ended(&ran.status);
            }
        }
        let (mut users, sent) = (Vec::new(), service.mail().sent());
        for status in service.status(&StatusQuery::all()).await? {
            let report = service.report(&status.correlation_id).await?;
            let plans = view::plans(journal_of(service.store(), &status.correlation_id).await?);
            users.push(self.view(status, report, &plans, &sent));
        }
        Ok(Outcome { summary: service.summary().await?, users, plans: Vec::new(), sent })
    }

    /// Plans every job, at the time when it would begin, and writes nothing.
    async fn preview(&self, service: &Migrate<'_>) -> Result<Outcome, Failure> {
        let (mut users, mut plans) = (Vec::new(), Vec::new());
        for mut status in service.status(&StatusQuery::all()).await? {
            let due = service.store().job(&status.correlation_id).await?.and_then(|job| job.due);
            let clock = due.map_or(self.now, |due| due.max(self.now));
            let plan = service.preview(&status.user_id, status.migration_type, &|| clock).await?;
            let report = plan.report(status.correlation_id.clone());
            status.last_message = report.last_message();
            let by_meeting: HashMap<_, _> =
                plan.meetings.iter().map(|m| (m.meeting.clone(), m.clone())).collect();
            users.push(self.view(status, Some(report), &by_meeting, &BTreeMap::new()));
            plans.push(plan);
        }
        let summary = service.summary().await?;
        Ok(Outcome { summary, users, plans, sent: BTreeMap::new() })
    }

    fn view(
        &self,
        status: Status,
        report: Option<Report>,
        plans: &HashMap<MeetingId, MeetingPlan>,
        sent: &BTreeMap<String, Sent>,
    ) -> UserView {
        let name = self.settings.users.get(&status.user_id).map(|user| user.name.clone());
        let meetings = self.folder.meetings(&status.user_id);
        UserView::new(name.unwrap_or_default(), status, report, plans, sent, meetings)
    }
}

async fn journal_of(
    store: &JournalFile,
    correlation: &CorrelationId,
) -> Result<Vec<Entry>, StoreError> {
    let (mut entries, mut page): (Vec<_>, Option<PageToken>) = (Vec::new(), None);
    loop {
        let found = store.journal(correlation, page.as_ref()).await?;
        entries.extend(found.items);
        page = found.next;
        if page.is_none() {
            return Ok(entries);
        }
    }
}

/// Nothing here ever waits, so that polling is enough of an executor.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut context) {
            return done;
        }
    }
}
