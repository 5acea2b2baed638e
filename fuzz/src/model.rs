//! RFC 6455 as a server reads it, written for clarity: it keeps all bytes and looks at them one at a time.

/// What a peer sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close(Option<(u16, String)>),
    /// The peer broke a rule; with the code it is told.
    Failed(u16),
}

const PROTOCOL: u16 = 1002;
const NOT_UTF8: u16 = 1007;
const POLICY: u16 = 1008;
const TOO_LARGE: u16 = 1009;

/// Frames that neither carry nor end anything, of one message.
const EMPTY_FRAMES: usize = 32;

/// A reader of a client's stream.
pub struct Model {
    limit: usize,
    pub events: Vec<Event>,
    /// What is not whole yet: of a header, a control frame, or a data frame.
    frame: Vec<u8>,
    message: Option<Message>,
    over: bool,
}

struct Message {
    is_text: bool,
    bytes: Vec<u8>,
    /// How many of the first bytes are whole characters.
    checked: usize,
    announced: u64,
    empty_frames: usize,
}

impl Message {
    /// Fails as soon as no byte to come can make text of it.
    fn check(&mut self) -> Result<(), u16> {
        if !self.is_text {
            return Ok(());
        }
        match std::str::from_utf8(&self.bytes[self.checked..]) {
            Ok(_) => self.checked = self.bytes.len(),
            Err(error) if error.error_len().is_none() => self.checked += error.valid_up_to(),
            Err(_) => return Err(NOT_UTF8),
        }
        Ok(())
    }
}

/// A header, read anew with each byte.
enum Header {
    Cut,
    Wrong,
    Whole { fin: bool, opcode: u8, key: [u8; 4], length: u64, header_length: usize },
}

impl Model {
    pub fn new(limit: usize) -> Self {
        Self { limit, events: Vec::new(), frame: Vec::new(), message: None, over: false }
    }

    pub fn read(&mut self, stream: &[u8]) {
        for byte in stream {
            if self.over {
                return;
            }
            self.frame.push(*byte);
            if let Err(code) = self.step() {
                self.events.push(Event::Failed(code));
                self.over = true;
            }
        }
    }

    /// Whether something has begun and not ended.
    pub fn is_mid_message(&self) -> bool {
        !self.over && (!self.frame.is_empty() || self.message.is_some())
    }

    /// Looks at the frame, which has one byte more than before.
    fn step(&mut self) -> Result<(), u16> {
        let (fin, opcode, key, length, header_length) = match header(&self.frame) {
            Header::Cut => return Ok(()),
            Header::Wrong => return Err(PROTOCOL),
            Header::Whole { fin, opcode, key, length, header_length } => {
                (fin, opcode, key, length, header_length)
            }
        };
        let arrived = self.frame.len() - header_length;
        if arrived == 0 {
            self.begin(fin, opcode, length)?;
        }
        let unmask = |at: usize| self.frame[header_length + at] ^ key[at % 4];
        let is_whole = arrived as u64 == length;
        if opcode >= 8 {
            if is_whole {
                let payload = (0..arrived).map(unmask).collect();
                self.frame.clear();
                self.control(opcode, payload)?;
            }
            return Ok(());
        }
        let message = self.message.as_mut().expect("`begin` has made one");
        if arrived > 0 {
            message.bytes.push(unmask(arrived - 1));
        }
        message.check()?;
        if is_whole {
            self.frame.clear();
            if fin && let Some(message) = self.message.take() {
                self.events.push(if message.is_text {
                    Event::Text(String::from_utf8(message.bytes).map_err(|_| NOT_UTF8)?)
                } else {
                    Event::Binary(message.bytes)
                });
            }
        }
        Ok(())
    }

    /// A header is whole: does its frame fit to what came before?
    fn begin(&mut self, fin: bool, opcode: u8, length: u64) -> Result<(), u16> {
        if opcode >= 8 {
            return Ok(());
        }
        if (opcode == 0) != self.message.is_some() {
            return Err(PROTOCOL);
        }
        let new =
            Message { is_text: opcode == 1, bytes: Vec::new(), checked: 0, announced: 0, empty_frames: 0 };
        let message = self.message.get_or_insert(new);
        message.announced = message.announced.saturating_add(length);
        if message.announced > self.limit as u64 {
            return Err(TOO_LARGE);
        }
        if length == 0 && !fin {
            message.empty_frames += 1;
            if message.empty_frames > EMPTY_FRAMES {
                return Err(POLICY);
            }
        }
        Ok(())
    }

    fn control(&mut self, opcode: u8, payload: Vec<u8>) -> Result<(), u16> {
        self.events.push(match opcode {
            9 => Event::Ping(payload),
            10 => Event::Pong(payload),
            _ => {
                let status = match &payload[..] {
                    [] => None,
                    [_] => return Err(PROTOCOL),
                    [high, low, reason @ ..] => {
                        let code = u16::from(*high) << 8 | u16::from(*low);
                        if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
                            return Err(PROTOCOL);
                        }
                        Some((code, String::from_utf8(reason.to_vec()).map_err(|_| NOT_UTF8)?))
                    }
                };
                self.over = true;
                Event::Close(status)
            }
        });
        Ok(())
    }
}

fn header(frame: &[u8]) -> Header {
    let Some(first) = frame.first() else { return Header::Cut };
    let (fin, opcode) = (first & 0x80 != 0, first & 0x0f);
    let is_control = opcode >= 8;
    if first & 0x70 != 0 || !matches!(opcode, 0 | 1 | 2 | 8 | 9 | 10) || is_control && !fin {
        return Header::Wrong;
    }
    let Some(second) = frame.get(1) else { return Header::Cut };
    let short = second & 0x7f;
    if second & 0x80 == 0 || is_control && short > 125 {
        return Header::Wrong;
    }
    let length_bytes = match short {
        126 => 2,
        127 => 8,
        _ => 0,
    };
    let Some(long) = frame.get(2..2 + length_bytes) else { return Header::Cut };
    let length = match short {
        126 | 127 => long.iter().fold(0, |length, byte| length << 8 | u64::from(*byte)),
        short => u64::from(short),
    };
    if length >> 63 != 0 {
        return Header::Wrong;
    }
    let header_length = 2 + length_bytes + 4;
    let Some(key) = frame.get(2 + length_bytes..header_length) else { return Header::Cut };
    Header::Whole { fin, opcode, key: [key[0], key[1], key[2], key[3]], length, header_length }
}
