//! Where results go: stdout, or a file that is replaced atomically.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{
    report::{Failure, Printable, Result},
    system::in_words,
};

/// Whether anybody still reads stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    There,
    /// The reader is gone, as `head` is once it has enough, so further output is pointless.
    Gone,
}

/// Writes to stdout, at once.
pub(crate) fn feed(text: &str) -> Result<Reader> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(Reader::There),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Reader::Gone),
        Err(error) => Err(Failure::unusable(format_args!("cannot write to stdout: {}", in_words(&error)))),
    }
}

/// Writes output for programs to stdout.
pub(crate) fn print(text: &str) -> Result<()> {
    feed(text).map(drop)
}

/// Writes output for people to stdout.
pub(crate) fn say(text: &str) -> Result<()> {
    print(&Printable(text).to_string())
}

/// Writes to the file, or to stdout if there is none.
pub(crate) fn write(target: Option<&Path>, text: &str) -> Result<()> {
    match target {
        Some(path) => write_file(path, text).map(drop),
        None => print(text),
    }
}

/// Whether a file was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// It was written.
    Changed,
    /// It already had the text and was left alone, so that file watchers do not run needlessly.
    Unchanged,
}

/// Replaces a file's contents completely, or not at all if that fails.
pub(crate) fn write_file(path: &Path, text: &str) -> Result<Written> {
    // For a link, its target is written, and the link is kept.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let cannot = |error: io::Error| {
        Failure::unusable(format_args!("cannot write {}: {}", path.display(), in_words(&error)))
    };
    let existing = match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => {
            return Err(Failure::unusable(format_args!("cannot write {}: it is a folder", path.display())));
        }
        // A device or a pipe cannot be seen half written, and must not be replaced by a file.
        Ok(metadata) if !metadata.is_file() => {
            let mut device = OpenOptions::new().write(true).open(path).map_err(cannot)?;
            device.write_all(text.as_bytes()).and_then(|()| device.flush()).map_err(cannot)?;
            return Ok(Written::Changed);
        }
        Ok(metadata) => Some(metadata),
        Err(_) => None,
    };
    if existing.is_some() && is_up_to_date(path, text) {
        return Ok(Written::Unchanged);
    }
    check_folder(path)?;
    let (temporary, file) = create_beside(path).map_err(cannot)?;
    let written = fill(file, text, existing.map(|metadata| metadata.permissions()))
        .and_then(|()| fs::rename(&temporary, path));
    written.map_err(|error| {
        // The first error is the one to report.
        let _ = fs::remove_file(&temporary);
        cannot(error)
    })?;
    Ok(Written::Changed)
}

/// Whether the file has exactly this text.
pub(crate) fn is_up_to_date(path: &Path, text: &str) -> bool {
    let same_size = fs::metadata(path).is_ok_and(|metadata| metadata.len() == text.len() as u64);
    same_size && fs::read(path).is_ok_and(|bytes| bytes == text.as_bytes())
}

fn check_folder(path: &Path) -> Result<()> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    let (path, shown) = (path.display(), folder.display());
    match fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(_) => Err(Failure::unusable(format_args!("cannot write {path}: {shown} is not a folder"))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(Failure::unusable(format_args!("cannot write {path}: the folder {shown} does not exist"))
                .help(format_args!("make it: mkdir -p {shown}")))
        }
        Err(error) => Err(Failure::unusable(format_args!("cannot write {path}: {}", in_words(&error)))),
    }
}

/// A new file in the same folder, so that it can replace the other in one step.
fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let mut attempt = 0;
    loop {
        let mut name = OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(format!(".{}-{attempt}.tmp", std::process::id()));
        let temporary = path.with_file_name(name);
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Ok(file) => return Ok((temporary, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < 8 => attempt += 1,
            Err(error) => return Err(error),
        }
    }
}

fn fill(mut file: File, text: &str, permissions: Option<fs::Permissions>) -> io::Result<()> {
    file.write_all(text.as_bytes())?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    // Before the rename; otherwise a crash could leave an empty file.
    file.sync_all()
}
