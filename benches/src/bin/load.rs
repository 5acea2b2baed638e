//! The load generator. Prints one line of JSON.
use std::{env, process::ExitCode, time::Duration};

use zocket_benches::load::{self, Dialect, Settings, Target, Workload};

const USAGE: &str = "\
usage: load --addr HOST:PORT --pid PID [OPTION]... WORKLOAD

  fanout N W S   N connections; one keeps W announcements of S bytes in flight, all hear them
  storm N W S    a fan-out beside which 16 connections call, one call at a time; the calls are timed
  slow N W S     a fan-out with one connection more, which never reads
  rpc C D S      C connections, D calls in flight each, S bytes there and back
  idle N         memory of N connections: quiet, after a call, after 60 KB
  rooms R M      R rooms of M members, a message to a room in turn

  --dialect zocket|msgpack|socket.io
                               what the server speaks (zocket: its JSON)
  --tls                        under TLS; any certificate will do
  --deflate                    offer to read compressed messages; the server must agree
  --warm-up SECONDS            before anything is counted (1)
  --seconds SECONDS            how long is measured (3)
  --settle SECONDS             quiet time before memory is looked at (2)
  --connections N              open connections in the rooms workload (1000)";

fn main() -> ExitCode {
    match parse(env::args().skip(1)) {
        Ok((workload, settings)) => {
            let report = load::run(workload, &settings);
            println!("{}", serde_json::to_string(&report).unwrap_or_default());
            ExitCode::from(u8::from(report.lossy.is_some()))
        }
        Err(fault) => {
            eprintln!("load: {fault}\n\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Result<(Workload, Settings), String> {
    let mut settings = Settings {
        target: Target {
            server: ([127, 0, 0, 1], 3000).into(),
            dialect: Dialect::Zocket,
            tls: false,
            deflate: false,
        },
        pid: String::new(),
        warm_up: Duration::from_secs(1),
        measure: Duration::from_secs(3),
        settle: Duration::from_secs(2),
        room_connections: 1000,
    };
    let mut words = Vec::new();
    while let Some(word) = arguments.next() {
        let Some(option) = word.strip_prefix("--") else {
            words.push(word);
            continue;
        };
        let flag = match option {
            "tls" => Some(&mut settings.target.tls),
            "deflate" => Some(&mut settings.target.deflate),
            _ => None,
        };
        if let Some(flag) = flag {
            *flag = true;
            continue;
        }
        let value = arguments.next().ok_or_else(|| format!("--{option} needs a value"))?;
        let number = || value.parse::<f64>().map_err(|_| format!("--{option} needs a number, not {value}"));
        match option {
            "addr" => settings.target.server = value.parse().map_err(|_| format!("{value} is no address"))?,
            "pid" => settings.pid = value,
            "dialect" if value == "zocket" => settings.target.dialect = Dialect::Zocket,
            "dialect" if value == "msgpack" => settings.target.dialect = Dialect::MsgPack,
            "dialect" if value == "socket.io" => settings.target.dialect = Dialect::SocketIo,
            "warm-up" => settings.warm_up = Duration::from_secs_f64(number()?),
            "seconds" => settings.measure = Duration::from_secs_f64(number()?),
            "settle" => settings.settle = Duration::from_secs_f64(number()?),
            "connections" => settings.room_connections = number()? as usize,
            _ => return Err(format!("there is no --{option} {value}")),
        }
    }
    if settings.pid.is_empty() {
        return Err("--pid is missing".to_owned());
    }
    let (name, sizes) = words.split_first().ok_or("the workload is missing")?;
    let sizes: Result<Vec<usize>, _> = sizes.iter().map(|word| word.parse()).collect();
    let workload = match (name.as_str(), sizes.map_err(|error| error.to_string())?.as_slice()) {
        ("fanout", &[connections, window, bytes]) => {
            Workload::Fanout { connections, window: window as u64, bytes }
        }
        ("storm", &[connections, window, bytes]) => {
            Workload::Storm { connections, window: window as u64, bytes }
        }
        ("slow", &[connections, window, bytes]) => {
            Workload::Slow { connections, window: window as u64, bytes }
        }
        ("rpc", &[connections, depth, bytes]) => Workload::Rpc { connections, depth: depth as u64, bytes },
        ("idle", &[connections]) => Workload::Idle { connections },
        ("rooms", &[rooms, members]) => Workload::Rooms { rooms, members },
        _ => return Err(format!("{} is no workload", words.join(" "))),
    };
    Ok((workload, settings))
}
