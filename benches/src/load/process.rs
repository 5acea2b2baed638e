//! What the operating system says about a process (Linux only).

use std::{fs, io, time::Duration};

/// The unit of `/proc/PID/stat`, the same on all of Linux's architectures.
const TICK: Duration = Duration::from_millis(10);

/// CPU time used so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cpu {
    pub user: Duration,
    pub system: Duration,
}

impl Cpu {
    /// Of a process, by its id, or `self`.
    ///
    /// # Errors
    /// There is no such process.
    pub fn of(process: &str) -> io::Result<Self> {
        let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
        // The name, in parentheses, may hold spaces.
        let (_, fields) = stat.rsplit_once(')').ok_or(io::ErrorKind::InvalidData)?;
        let ticks = |index| fields.split_whitespace().nth(index).and_then(|field| field.parse().ok());
        let (Some(user), Some(system)) = (ticks(11), ticks(12)) else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        Ok(Self { user: TICK * user, system: TICK * system })
    }

    #[must_use]
    pub fn since(self, before: Self) -> Self {
        Self {
            user: self.user.saturating_sub(before.user),
            system: self.system.saturating_sub(before.system),
        }
    }

    #[must_use]
    pub fn total(self) -> Duration {
        self.user + self.system
    }
}

/// Resident memory of a process, in KiB.
///
/// # Errors
/// There is no such process.
pub fn resident_kib(process: &str) -> io::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or(io::ErrorKind::InvalidData)?;
    line.trim().trim_end_matches(" kB").parse().map_err(|_| io::ErrorKind::InvalidData.into())
}
