//! The decoder compared with a simple model of RFC 6455, however the bytes are split into reads.

use zocket_wire::{
    decode::{self, Decoder},
    error::ProtocolError,
    frame::Role,
};

use crate::{
    model::{Event, Model},
    read::read,
};

/// Room for what a decoder keeps beside a message: a cut header, a control payload, its own state.
const BESIDE: usize = 512;

/// How often a payload may be repeated. Most are few: what takes long is seldom run.
const REPEATS: [usize; 8] = [0, 2, 3, 5, 10, 20, 50, 520];

/// What one run is about.
struct Plan {
    limit: usize,
    /// Sizes of reads, over and over; 0 is all that is left.
    reads: [u8; 4],
    stream: Vec<u8>,
}

/// Runs the decoder over what `data` describes.
///
/// # Panics
/// Where decoder and model differ, or the decoder holds more than its limit.
pub fn run(data: &[u8]) {
    let Some(plan) = Plan::new(data) else { return };
    let mut model = Model::new(plan.limit);
    model.read(&plan.stream);

    let whole = [0];
    // Byte by byte, where that does not take long.
    let single = [if plan.stream.len() <= 4096 { 1 } else { 97 }];
    for reads in [&whole[..], &single[..], &plan.reads[..]] {
        let (events, mid_message) = decode(&plan, reads);
        assert_eq!(events, model.events, "in reads of {reads:?}, limit {}", plan.limit);
        assert_eq!(mid_message, model.is_mid_message(), "in reads of {reads:?}");
    }
}

fn decode(plan: &Plan, reads: &[u8]) -> (Vec<Event>, bool) {
    let mut decoder = Decoder::new(Role::Server, plan.limit);
    let mut events = Vec::new();
    let mut stream = plan.stream.clone();
    let mut rest = &mut stream[..];
    for size in reads.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let size = if *size == 0 { rest.len() } else { rest.len().min(usize::from(*size)) };
        let (first, later) = rest.split_at_mut(size);
        read(&mut decoder, first, |found| events.push(event(found)));
        assert!(decoder.heap_bytes() <= plan.limit + BESIDE, "the decoder holds more than its limit");
        rest = later;
    }
    // The next call releases what the last event was borrowed from.
    read(&mut decoder, &mut [], |found| panic!("nothing more was given, but {found:?} was found"));
    if !decoder.is_mid_message() {
        assert_eq!(decoder.heap_bytes(), 0, "an idle decoder owns something");
    }
    (events, decoder.is_mid_message())
}

fn event(found: Result<decode::Event<'_>, ProtocolError>) -> Event {
    use decode::Event as Found;

    match found {
        Ok(Found::Text(text)) => Event::Text(text.into()),
        Ok(Found::Binary(bytes)) => Event::Binary(bytes.into()),
        Ok(Found::Ping(bytes)) => Event::Ping(bytes.into()),
        Ok(Found::Pong(bytes)) => Event::Pong(bytes.into()),
        Ok(Found::Close(status)) => Event::Close(status.map(|(code, reason)| (code.get(), reason.into()))),
        Err(error) => Event::Failed(error.close_code().get()),
    }
}

impl Plan {
    /// The first byte chooses the limit and whether the rest is a stream as it is, or frames to be masked.
    fn new(data: &[u8]) -> Option<Self> {
        let ([first, reads @ ..], rest) = data.split_first_chunk::<5>()?;
        let limit = [0, 1, 64, 125, 1000, 1024, 4000, 70_000][usize::from(first & 7)];
        let stream = if first & 8 == 0 { rest.to_vec() } else { masked(rest) };
        Some(Self { limit, reads: *reads, stream })
    }
}

/// Frames whose lengths are right and whose payloads are readable to a fuzzer: each is described by a first header byte, a
/// form of length and key, a length, and the payload before masking.
fn masked(mut rest: &[u8]) -> Vec<u8> {
    let mut stream = Vec::new();
    while let Some(([first, form, length], after)) = rest.split_first_chunk::<3>() {
        // Long payloads are made by repeating: 64 KiB of them need no 64 KiB of input.
        let (seed, after) = after.split_at(usize::from(length & 0x7f).min(after.len()));
        let times = if form & 0x40 == 0 { 1 } else { REPEATS[usize::from(form >> 2 & 7)] };
        let payload = seed.repeat(times);
        rest = after;
        stream.push(*first);
        match (form & 3, payload.len()) {
            (0, 0..=125) => stream.push(0x80 | payload.len() as u8),
            (0 | 1, 0..=0xffff) => {
                stream.push(0x80 | 126);
                stream.extend_from_slice(&(payload.len() as u16).to_be_bytes());
            }
            _ => {
                stream.push(0x80 | 127);
                stream.extend_from_slice(&(payload.len() as u64).to_be_bytes());
            }
        }
        let key = if form & 0x20 == 0 { [0x37, 0xfa, *first, *form] } else { [0; 4] };
        stream.extend_from_slice(&key);
        stream.extend(payload.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key));
    }
    stream
}
