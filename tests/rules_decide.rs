//! The contract of `examples/decide`: shape, exit codes, and what bad input is told.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

#[allow(dead_code, unreachable_pub)]
#[path = "../examples/decide.rs"]
mod decide;

use serde_json::Value;

fn ask(question: &str) -> (Value, u8) {
    let (json, code) = decide::answer(question).unwrap_or_else(|e| panic!("{question}: {e}"));
    (serde_json::from_str(&json).unwrap(), code)
}

const THIRD_PARTY: &str = r#"{"policy": "seed-2018", "change": "license-assigned",
 "account": {"mailbox": "online", "audio_provider": "third-party", "audio_license": true, "meetings": "public"},
 "tenant": {"meeting_migration_enabled": true, "automatically_migrate_user_meetings": true, "automatically_replace_acp_provider": false}}"#;

#[test]
fn a_change_that_is_ignored_says_why_from_where_and_what_else_to_do() {
    let (answer, code) = ask(THIRD_PARTY);
    assert_eq!(code, 3);
    assert_eq!(answer["decision"], "ignore");
    assert_eq!(answer["source"], "S:79");
    assert!(answer["way_out"].as_str().unwrap().contains("by hand"));
    assert!(!answer["reason"].as_str().unwrap().is_empty());
    assert_eq!(answer.get("also"), None);

    let (answer, _) = ask(&THIRD_PARTY.replace("\"online\"", "\"on-premises\""));
    assert_eq!(answer["source"], "S:37, S:51");
    assert_eq!(answer["also"][0]["source"], "S:79");
}

#[test]
fn a_run_says_which_kind_and_how_long_it_is_held() {
    let (answer, code) = ask(&THIRD_PARTY.replace("false", "true"));
    assert_eq!(code, 0);
    let keys: Vec<_> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["decision", "hold_minutes", "kind", "reason", "rule", "source"]);
    assert_eq!(
        (&answer["decision"], &answer["kind"], &answer["hold_minutes"], &answer["source"]),
        (&"run".into(), &"ToSameType".into(), &90.into(), &"S:77".into())
    );
    // Every key but the change has a default; an editor's byte order mark is no error.
    let (answer, code) = ask("\u{feff}{\"change\": \"moved-online\"}\r\n");
    assert_eq!((code, &answer["rule"]), (0, &"moved-online".into()));
    let details = r#"{"policy": "current", "change": {"kind": "manual-start", "target": "teams"}}"#;
    assert_eq!(ask(details).0["kind"], "AllToTeams");
}

#[test]
fn bad_input_names_the_culprit() {
    for (question, culprits) in [
        (r#"{"change": "moved-onlin"}"#, vec!["change", "`moved-onlin`"]),
        (r#"{"change": "moved-online", "acount": {}}"#, vec!["`acount`"]),
        (r#"{"change": "moved-online", "policy": "2018"}"#, vec!["policy", "`2018`"]),
        (r#"{"change": "moved-online", "account": {"mail": 1}}"#, vec!["account", "`mail`"]),
        (
            r#"{"change": "moved-online", "account": {"mailbox": "cloud"}}"#,
            vec!["account.mailbox", "`cloud`"],
        ),
        (
            r#"{"change": "moved-online", "tenant": {"meeting_migration_enabled": "yes"}}"#,
            vec!["tenant.meeting_migration_enabled", "\"yes\""],
        ),
        (
            r#"{"change": {"kind": "moved-online", "mode": "islands"}}"#,
            vec!["change", "`moved-online` has no detail `mode`"],
        ),
        (
            r#"{"change": {"kind": "manual-start", "target": "sfb"}}"#,
            vec!["change.target", "`sfb`"],
        ),
        (r#"{"policy": "current"}"#, vec!["`change`"]),
        (r#"{"change": "moved-online"} {}"#, vec!["trailing", "column 28"]),
        (r#"{"change": "moved-online", "change": "moved-online"}"#, vec!["duplicate", "`change`"]),
        (r#"{"change": 7}"#, vec!["change", "7"]),
        (r#"["current", "moved-online"]"#, vec!["no JSON object"]),
        (r#"{"change": "moved-online", "account": ["online"]}"#, vec!["`account`", "an object"]),
        (r#"{"change": "moved-online", "tenant": [false]}"#, vec!["`tenant`", "an object"]),
        (r#"{"change": "moved-online", "account": null}"#, vec!["`account`", "an object"]),
        (r#"{"change": "moved-online", "policy": null}"#, vec!["`policy`", "a name"]),
        (r#"{"change": "moved-online", "policy": {"current": null}}"#, vec!["`policy`", "a name"]),
        (
            r#"{"change": "moved-online", "account": {"mailbox": {"online": null}}}"#,
            vec!["`account.mailbox`", "a single value"],
        ),
        (
            r#"{"change": {"kind": {"moved-online": null}}}"#,
            vec!["`change.kind`", "a single value"],
        ),
        (
            r#"{"change": "moved-online", "account": {"audio_license": null}}"#,
            vec!["account.audio_license"],
        ),
        (r#"{"change": "moved-online",}"#, vec!["trailing comma"]),
        ("", vec!["no JSON object"]),
        ("{", vec!["EOF", "line 1"]),
    ] {
        let error = decide::answer(question).unwrap_err();
        for culprit in culprits {
            assert!(error.contains(culprit), "{question} → {error}");
        }
    }
}

#[test]
fn an_unreadable_file_and_an_unknown_option_are_bad_input() {
    let read = |arguments: &[&str]| {
        decide::read(&arguments.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap_err()
    };
    assert!(read(&["no/such/file.json"]).starts_with("no/such/file.json: "));
    assert!(read(&["--polcy"]).contains("`--polcy`"));
    assert!(read(&["a", "b"]).contains("more than one file"));
}

/// Each change, by the name that the contract gives it, under both presets.
#[test]
fn every_name_of_the_contract_has_an_answer() {
    const NAMES: &str = "moved-online moved-online-forced moved-on-premises license-assigned \
                         license-removed audio-enabled audio-disabled audio-provider-changed \
                         conference-id-changed conference-id-reset moved-to-bridge \
                         number-unassigned default-number-changed sip-address-changed \
                         meeting-url-changed upgrade-policy-granted video-interop-changed \
                         manual-start";
    for (name, policy) in NAMES.split_whitespace().flat_map(|n| [(n, "seed-2018"), (n, "current")])
    {
        let (answer, code) = ask(&format!(r#"{{"policy": "{policy}", "change": "{name}"}}"#));
        let (decision, keys) = match code {
            0 => ("run", ["kind", "reason", "source"]),
            _ => ("ignore", ["way_out", "reason", "source"]),
        };
        assert_eq!((answer["decision"].as_str(), [0, 3].contains(&code)), (Some(decision), true));
        assert_eq!(answer["hold_minutes"].as_i64(), (code == 0).then_some(90));
        for key in keys {
            assert!(!answer[key].as_str().unwrap().is_empty(), "{name}: {key}");
        }
    }
    for (key, values) in [
        ("mailbox", ["online", "on-premises"].as_slice()),
        ("audio_provider", &["microsoft", "third-party", "none"]),
        ("meetings", &["public", "private"]),
    ] {
        for value in values {
            ask(&format!(r#"{{"change": "moved-to-bridge", "account": {{"{key}": "{value}"}}}}"#));
        }
    }
}

/// What is left out means what the documentation says.
#[test]
fn what_is_left_out_is_the_default() {
    let full = r#"{"policy": "seed-2018", "change": CHANGE,
     "account": {"mailbox": "online", "audio_provider": "microsoft", "audio_license": true,
                 "meetings": "public", "upgrade_mode": "teams-only"},
     "tenant": {"meeting_migration_enabled": true, "automatically_migrate_user_meetings": true,
                "automatically_replace_acp_provider": false}}"#;
    for change in meeting_migration::change::Change::all() {
        let change = serde_json::to_string(&change).unwrap();
        let bare = ask(&format!(r#"{{"change": {change}}}"#));
        assert_eq!(bare, ask(&full.replace("CHANGE", &change)), "{change}");
        let empty = format!(r#"{{"change": {change}, "account": {{}}, "tenant": {{}}}}"#);
        assert_eq!(bare, ask(&empty), "{change}");
    }
}
