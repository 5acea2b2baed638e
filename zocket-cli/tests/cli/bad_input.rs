//! Invalid input: a sentence with the file and, if there is one, the line; exit code 2; nothing on stdout.

use std::fs;

use crate::{
    program::{Folder, zocket, zocket_with},
    router::shop,
};

/// Every command that reads a contract from a file.
const READERS: [&[&str]; 5] = [&["ts"], &["schema"], &["asyncapi"], &["check"], &["diff"]];

#[track_caller]
fn is_refused_everywhere(path: &str, words: &[&str]) {
    for reader in READERS {
        let mut args = [reader, &[path]].concat();
        if reader == ["diff"] {
            args.push(path);
        }
        let ran = zocket(&args).exits(2).says(words);
        assert_eq!(ran.stdout, "", "{args:?}");
        assert!(ran.stderr.starts_with("error: "), "{ran:?}");
        assert!(!ran.stderr.contains("panicked"), "{ran:?}");
    }
}

#[test]
fn what_is_no_contract_is_refused_with_its_file_and_line() {
    let folder = Folder::new("bad-input");
    let contract = shop::contract().to_json();
    let other_format = contract.replace("\"format\": 1", "\"format\": 7");
    let edited = contract.replace("\"maximum\": 100", "\"maximum\": 99");
    assert!(other_format != contract && edited != contract);
    let format_line = contract.lines().position(|line| line.contains("\"format\": 1")).expect("a format") + 1;
    let hash_line = contract.lines().position(|line| line.contains("\"hash\"")).expect("a hash") + 1;
    for (name, content, words) in [
        ("empty.json", Vec::new(), vec!["empty.json:1:1: ", "empty"]),
        ("blank.json", b" \n\n".to_vec(), vec!["blank.json:1:1: ", "empty"]),
        ("text.json", b"hello".to_vec(), vec!["text.json:1:1: not JSON"]),
        ("line.json", b"{\n  \"format\": 1,\n  oops\n}".to_vec(), vec!["line.json:3:3: not JSON"]),
        ("cut.json", contract.as_bytes()[..contract.len() / 2].to_vec(), vec!["cut.json:", "ends too early"]),
        ("array.json", b"[1]".to_vec(), vec!["array.json:1:1: not a contract"]),
        ("package.json", b"{\"name\":\"shop\"}".to_vec(), vec!["package.json:1:1: not a contract"]),
        ("deep.json", "[".repeat(100_000).into_bytes(), vec!["deep.json:1:", "nested too deeply"]),
        ("bytes.json", vec![b'{', 0xff, 0x00, 0x80], vec!["bytes.json: not text: byte 1 is not UTF-8"]),
        ("huge.json", vec![b' '; (16 << 20) + 1], vec!["huge.json: larger than 16 MiB"]),
        (
            "newer.json",
            other_format.into_bytes(),
            vec![&*format!("newer.json:{format_line}:"), "format 7", "update"],
        ),
        (
            "edited.json",
            edited.into_bytes(),
            vec![&*format!("edited.json:{hash_line}:"), "changed by hand", "help:"],
        ),
    ] {
        is_refused_everywhere(&folder.write(name, content), &words);
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    let folder = Folder::new("bad-input-unreadable");
    is_refused_everywhere(&folder.path("missing.json"), &["cannot read ", "missing.json: no such file"]);
    fs::create_dir(folder.path("folder")).expect("a folder");
    is_refused_everywhere(&folder.path("folder"), &["cannot read ", "folder: it is a folder"]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere.json", folder.path("link.json")).expect("a link");
        is_refused_everywhere(&folder.path("link.json"), &["cannot read ", "link.json: no such file"]);
    }
    is_refused_everywhere("127.0.0.1:3000", &["for a running server, write http://127.0.0.1:3000"]);
}

#[test]
fn stdin_is_held_to_the_same() {
    for (input, words) in [
        (&b""[..], "stdin:1:1: "),
        (b"{\n]", "stdin:2:1: not JSON"),
        (b"\xff", "stdin: not text: byte 0 is not UTF-8"),
    ] {
        zocket_with(&["ts", "-"], input).exits(2).says(&[words]);
    }
}

#[test]
fn wrong_arguments_are_refused_before_anything_happens() {
    for (args, words) in [
        (&["tz"][..], &["tz"][..]),
        (&["ts"], &["SOURCE"]),
        (&["ts", "c.json", "--react"], &["--output"]),
        (&["ts", "c.json", "--check"], &["--output"]),
        (&["schema", "--meta", "c.json"], &["--meta"]),
        (&["call", "ws://h/ws"], &["ROUTE"]),
        (&["call", "ftp://h/ws", "a.b"], &["not a server's URL"]),
        (&["call", "127.0.0.1:3000", "a.b"], &["not a server's URL"]),
        (&["call", "ws://h/ws", "a.b", "--timeout", "soon"], &["500ms, 10s or 2m"]),
        (&["call", "ws://h/ws", "a.b", "--header", "token"], &["name=value"]),
        (&["call", "ws://h/ws", "a.b", "{\"a\":"], &["payload:1:5: not JSON", "quoted for the shell"]),
        (&["call", "ws://h/ws", "a.b", "@missing.json"], &["cannot read missing.json"]),
        (&["listen", "ws://h/ws", "--count", "0"], &["0"]),
        (&["check", "c.json", "--route", "a.b"], &["MESSAGE"]),
    ] {
        let ran = zocket(args).exits(2).says(words);
        assert_eq!(ran.stdout, "", "{args:?}");
    }
}
