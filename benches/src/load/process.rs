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

/// What the kernel itself keeps: the objects in its slabs, where sockets, files and epoll entries are, and the buffers of
/// TCP. Of all processes together.
///
/// # Errors
/// The kernel does not tell: of slabs it does so for root only.
pub fn kernel_kib() -> io::Result<f64> {
    let slabs = in_use(&fs::read_to_string("/proc/slabinfo")?).ok_or(io::ErrorKind::InvalidData)?;
    let sockets = fs::read_to_string("/proc/net/sockstat")?;
    let pages = tcp_pages(&sockets).ok_or(io::ErrorKind::InvalidData)?;
    // A page is 4 KiB on all machines that this is run on.
    Ok(slabs as f64 / 1024.0 + pages * 4.0)
}

/// Bytes of the objects that are in use. What is free, and kept for later, would hide those of new connections.
fn in_use(slabs: &str) -> Option<u64> {
    let each = |line: &str| {
        let mut numbers = line.split_whitespace().skip(1).map(str::parse::<u64>);
        let (objects, bytes) = (numbers.next()?.ok()?, numbers.nth(1)?.ok()?);
        Some(objects * bytes)
    };
    // Two lines say what the columns are.
    slabs.lines().skip(2).map(each).sum()
}

fn tcp_pages(sockets: &str) -> Option<f64> {
    let tcp = sockets.lines().find_map(|line| line.strip_prefix("TCP:"))?;
    tcp.split_whitespace().skip_while(|word| *word != "mem").nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_says_is_read() {
        let slabs = "slabinfo - version: 2.1\n\
            # name <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : tunables …\n\
            TCP    10  13   2368   13    8 : tunables    0    0    0 : slabdata      1      1      0\n\
            filp   20  42    192   21    1 : tunables    0    0    0 : slabdata      2      2      0\n";
        assert_eq!(in_use(slabs), Some(10 * 2368 + 20 * 192));
        assert_eq!(in_use("a\nb\nTCP ten"), None);
        let sockets = "sockets: used 14\nTCP: inuse 1 orphan 0 tw 0 alloc 1 mem 292\nUDP: inuse 0 mem 7\n";
        assert_eq!(tcp_pages(sockets), Some(292.0));
        assert_eq!(tcp_pages("UDP: inuse 0 mem 7"), None);
    }
}
