//! Parts of the rewrite core: what locating costs, and what replacing adds.
//!
//!     cargo bench --bench parts
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use meeting_migration::block::{Options, locate, rewrite};
use meeting_migration::meeting::Record;
use meeting_migration::provider::Provider;
use meeting_migration::{Body, Coordinates, Link};

fn fixtures(criterion: &mut Criterion) {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let link = Link::new("https://teams.microsoft.com/meet/9876543210987?p=Zy8").unwrap();
    let new = Coordinates::new(Provider::TEAMS, link);
    let options = Options::new();
    for case in [
        "teams2019-word-full",
        "sfb2016-word-full",
        "teams2025-graph-event",
        "teams2025-text-outlook",
    ] {
        let read = |file: &str| std::fs::read_to_string(data.join(case).join(file));
        let body = match read("body.html") {
            Ok(html) => Body::html(html),
            Err(_) => Body::text(read("body.txt").unwrap()),
        };
        let json: serde_json::Value = serde_json::from_str(&read("case.json").unwrap()).unwrap();
        let record = json
            .get("record")
            .and_then(|r| r.as_str())
            .map(|url| Record::new(Provider::TEAMS, url));
        let mut group = criterion.benchmark_group(case);
        group.throughput(Throughput::Bytes(body.as_bytes().len() as u64));
        group.bench_function("locate", |bencher| {
            bencher.iter(|| black_box(locate(&body, record.as_ref(), &options)));
        });
        group.bench_function("rewrite", |bencher| {
            bencher.iter(|| black_box(rewrite(&body, record.as_ref(), &new, &options)));
        });
        group.finish();
    }
}

criterion_group!(benches, fixtures);
criterion_main!(benches);
