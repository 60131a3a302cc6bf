use meeting_migration::block::*;
use meeting_migration::meeting::Record;
use meeting_migration::policy::AddInEvidence;
use meeting_migration::provider::Provider;
use meeting_migration::*;
#[test]
fn adhoc() {
    let new: Coordinates = serde_json::from_str(r#"{"provider":"teams","join_url":"https://teams.microsoft.com/meet/2345678901234?p=Ab3dEf6hIj9kLm2nOp"}"#).unwrap();
    let mut bad = 0;
    let mut n = 0;
    let mut dirs: Vec<_> = std::fs::read_dir("tests/data")
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.join("case.json").exists())
        .collect();
    dirs.sort();
    for d in dirs {
        n += 1;
        let j: serde_json::Value =
            serde_json::from_slice(&std::fs::read(d.join("case.json")).unwrap()).unwrap();
        let html = j["format"] == "html";
        let f = d.join(if html { "body.html" } else { "body.txt" });
        let raw = std::fs::read(&f).unwrap();
        let cs = j["charset"].as_str();
        let body = if html {
            Body::html_bytes(raw.clone(), cs)
        } else {
            Body::text_bytes(raw.clone(), cs)
        };
        let rec = j["record"].as_str().map(|u| Record::new(Provider::TEAMS, u));
        let ev = if j["evidence"] == "record" {
            AddInEvidence::Record
        } else {
            AddInEvidence::RecordOrMarks
        };
        let out = rewrite(&body, rec.as_ref(), &new, &Options::new().with_evidence(ev));
        let (got, span, bytes) = match &out {
            Rewrite::Replaced { block, body, .. } => {
                ("one", Some(block.clone()), Some(body.as_bytes().to_vec()))
            }
            Rewrite::Unchanged(_) => ("unchanged", None, None),
            Rewrite::Absent(_) => ("absent", None, None),
            Rewrite::Foreign(..) => ("foreign", None, None),
            Rewrite::Ambiguous(..) => ("ambiguous", None, None),
            Rewrite::Refused(_) => ("refused", None, None),
            _ => ("?", None, None),
        };
        let mut why = String::new();
        if got != j["expect"] {
            why = format!(
                "got {got} {:?} want {}",
                match &out {
                    Rewrite::Refused(r) => format!("{r:?}"),
                    Rewrite::Absent(r) => format!("{r:?}"),
                    Rewrite::Foreign(r, b) => format!("{r:?} {b:?}"),
                    Rewrite::Ambiguous(b) => format!("{b:?}"),
                    _ => String::new(),
                },
                j["expect"]
            );
        } else if let (Some(b), Some(s)) = (&span, j["span"].as_array()) {
            let w = (s[0].as_u64().unwrap() as usize, s[1].as_u64().unwrap() as usize);
            if (b.span.start, b.span.end) != w {
                let show = |a: usize, b: usize| {
                    let (a, b) = (a.min(b), a.max(b));
                    String::from_utf8_lossy(&raw[a..b.min(raw.len())])
                        .chars()
                        .take(150)
                        .collect::<String>()
                };
                why = format!(
                    "span {:?} want {:?} startdiff {:?} enddiff {:?}",
                    b.span,
                    w,
                    show(b.span.start, w.0),
                    show(b.span.end, w.1)
                );
            }
            if j["provider"] != b.provider.key() {
                why += &format!(" provider {}", b.provider);
            }
        }
        if why.is_empty() {
            if let Some(bytes) = &bytes {
                let t = String::from_utf8_lossy(bytes);
                let o = String::from_utf8_lossy(&raw);
                for k in j["keep"].as_array().unwrap() {
                    let k = k.as_str().unwrap();
                    if o.contains(k) && !t.contains(k) {
                        why += &format!(" LOST {k:?}");
                    }
                }
                for k in j["gone"].as_array().unwrap() {
                    let k = k.as_str().unwrap();
                    if t.contains(k) {
                        why += &format!(" KEPT {k:?}");
                    }
                }
            }
        }
        if !why.is_empty() {
            bad += 1;
            println!("FAIL {} :: {}", d.file_name().unwrap().to_string_lossy(), why);
        }
    }
    println!("{bad} of {n} bad");
}
