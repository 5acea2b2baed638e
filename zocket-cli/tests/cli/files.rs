//! Files are written atomically, and only if necessary.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use crate::{
    program::{Folder, command, zocket},
    router::shop,
};

#[test]
fn a_client_is_written_once_and_then_left_alone() {
    let folder = Folder::with_contract("files-client");
    let (contract, target) = (folder.path("contract.json"), folder.path("zocket.ts"));
    zocket(&["ts", &contract, "-o", &target]).exits(0).says(&["wrote: ", "zocket.ts"]);
    let client = folder.read("zocket.ts");
    assert!(client.contains("export function createZocketClient"), "{client}");
    assert!(client.contains(shop::contract().hash()));
    assert_eq!(zocket(&["ts", &contract]).exits(0).stdout, client);

    let modified = || fs::metadata(&target).and_then(|metadata| metadata.modified()).expect("a time");
    let before = modified();
    zocket(&["ts", &contract, "-o", &target]).exits(0).says(&["unchanged: "]);
    assert_eq!(modified(), before);
    zocket(&["ts", &contract, "-o", &target, "--check"]).exits(0);
    assert_eq!(folder.names(), ["contract.json", "zocket.ts"], "nothing is left behind");
}

#[test]
fn a_client_that_is_not_up_to_date_is_told_and_not_touched() {
    let folder = Folder::with_contract("files-check");
    let (contract, target) = (folder.path("contract.json"), folder.path("zocket.ts"));
    zocket(&["ts", &contract, "-o", &target, "--check"]).exits(1).says(&["zocket.ts: not there", "help:"]);
    folder.write("zocket.ts", "// old");
    zocket(&["ts", &contract, "-o", &target, "--check"]).exits(1).says(&["zocket.ts: not up to date"]);
    assert_eq!(folder.read("zocket.ts"), "// old");
    zocket(&["ts", &contract, "-o", &target]).exits(0);
    zocket(&["ts", &contract, "-o", &target, "--check"]).exits(0);
    zocket(&["ts", &contract, "-o", &target, "--check", "--react"])
        .exits(1)
        .says(&["zocket.react.ts: not there"]);
}

#[test]
fn the_companions_import_the_client_by_its_name() {
    let folder = Folder::with_contract("files-companions");
    let (contract, target) = (folder.path("contract.json"), folder.path("api.ts"));
    zocket(&["ts", &contract, "-o", &target, "--react", "--msgpack"]).exits(0);
    assert_eq!(folder.names(), ["api.msgpack.ts", "api.react.ts", "api.ts", "contract.json"]);
    assert!(folder.read("api.react.ts").contains("from \"./api.js\""));
    for name in folder.names() {
        assert!(!folder.read(&name).contains("\"./zocket."), "{name}");
    }
}

#[test]
fn a_target_that_cannot_be_written_is_named_and_nothing_is_left_behind() {
    let folder = Folder::with_contract("files-unwritable");
    let contract = folder.path("contract.json");
    fs::create_dir(folder.path("folder")).expect("a folder");
    let before = folder.names();
    for (target, words) in [
        ("contract.json/zocket.ts", "cannot write "),
        ("missing/zocket.ts", "missing does not exist"),
        ("folder", "folder: it is a folder"),
    ] {
        for args in [&["ts"][..], &["asyncapi"]] {
            let target = folder.path(target);
            let args = [args, &[&contract, "-o", &target]].concat();
            zocket(&args).exits(2).says(&["cannot write ", words]);
        }
    }
    assert_eq!(folder.names(), before);
}

#[test]
#[cfg(unix)]
fn a_link_stays_a_link_and_a_files_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::with_contract("files-link");
    let target = folder.write("real.ts", "// old");
    fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).expect("permissions");
    symlink("real.ts", folder.path("link.ts")).expect("a link");
    zocket(&["ts", &folder.path("contract.json"), "-o", &folder.path("link.ts")]).exits(0);
    assert!(fs::symlink_metadata(folder.path("link.ts")).expect("a link").is_symlink());
    assert!(folder.read("real.ts").contains("createZocketClient"));
    assert_eq!(fs::metadata(&target).expect("a file").permissions().mode() & 0o777, 0o640);
}

#[test]
fn a_full_disk_is_said_and_a_reader_that_goes_is_none_of_our_business() {
    let folder = Folder::with_contract("files-full");
    let contract = folder.path("contract.json");
    let full = Path::new("/dev/full");
    if full.exists() {
        zocket(&["ts", &contract, "-o", "/dev/full"])
            .exits(2)
            .says(&["cannot write /dev/full: no space left"]);
        let stdout = fs::OpenOptions::new().write(true).open(full).expect("a full device");
        let output = command(&["ts", &contract]).stdout(stdout).output().expect("the program to start");
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write to stdout"), "{output:?}");
    }
    let mut child = command(&["ts", &contract])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program to start");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program to end");
    assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]));
}

#[test]
fn a_write_that_ends_half_way_leaves_the_file_as_it_was() {
    let folder = Folder::with_contract("files-half");
    let target = folder.write("zocket.ts", "// old");
    let before = folder.names();
    // No file may be longer than a kilobyte or two here, as on a disk that is nearly full.
    let script = "trap '' XFSZ; ulimit -f 2; exec \"$0\" ts \"$1\" -o \"$2\"";
    let program = env!("CARGO_BIN_EXE_zocket");
    let output = Command::new("sh")
        .args(["-c", script, program, &folder.path("contract.json"), &target])
        .output()
        .expect("a shell");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("cannot write ") && stderr.contains("zocket.ts: file too large"), "{stderr}");
    assert_eq!((folder.read("zocket.ts"), folder.names()), ("// old".to_owned(), before));
}

#[test]
fn help_names_every_command_and_the_exit_codes() {
    let help = zocket(&["--help"]).exits(0).stdout;
    for command in ["ts", "schema", "asyncapi", "diff", "check", "call", "listen", "completions"] {
        assert!(help.contains(&format!("\n  {command}")), "{command} in {help}");
        let own = zocket(&[command, "--help"]).exits(0).stdout;
        assert!(own.contains("Examples:\n"), "{own}");
        for line in own.lines().chain(help.lines()) {
            assert!(line.chars().count() <= 120, "{command}: {line}");
        }
    }
    for code in ["0  fine", "1  the answer is no", "2  the input", "3  the server"] {
        assert!(help.contains(code), "{help}");
    }
    let version = zocket(&["--version"]).exits(0).stdout;
    assert_eq!(version, concat!("zocket ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = zocket(&["completions", shell]).exits(0).stdout;
        assert!(script.contains("asyncapi") && script.contains("zocket"), "{shell}");
    }
    zocket(&["completions", "cmd"]).exits(2);
}
