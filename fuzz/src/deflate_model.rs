//! DEFLATE (RFC 1951) bit by bit, and a compressed message (RFC 7692) made of it.

/// Why there is no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No DEFLATE, or cut.
    Corrupt,
    /// More than the limit.
    TooLarge,
}

use Fault::{Corrupt, TooLarge};

/// What the wire leaves out, and an empty final block.
const TAIL: [u8; 6] = [0, 0, 0xff, 0xff, 3, 0];

const LENGTHS: [(u16, u8); 29] = [
    (3, 0),
    (4, 0),
    (5, 0),
    (6, 0),
    (7, 0),
    (8, 0),
    (9, 0),
    (10, 0),
    (11, 1),
    (13, 1),
    (15, 1),
    (17, 1),
    (19, 2),
    (23, 2),
    (27, 2),
    (31, 2),
    (35, 3),
    (43, 3),
    (51, 3),
    (59, 3),
    (67, 4),
    (83, 4),
    (99, 4),
    (115, 4),
    (131, 5),
    (163, 5),
    (195, 5),
    (227, 5),
    (258, 0),
];
const DISTANCES: [(u16, u8); 30] = [
    (1, 0),
    (2, 0),
    (3, 0),
    (4, 0),
    (5, 1),
    (7, 1),
    (9, 2),
    (13, 2),
    (17, 3),
    (25, 3),
    (33, 4),
    (49, 4),
    (65, 5),
    (97, 5),
    (129, 6),
    (193, 6),
    (257, 7),
    (385, 7),
    (513, 8),
    (769, 8),
    (1025, 9),
    (1537, 9),
    (2049, 10),
    (3073, 10),
    (4097, 11),
    (6145, 11),
    (8193, 12),
    (12289, 12),
    (16385, 13),
    (24577, 13),
];
const CODE_ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Inflates a message. A final block may come anywhere; what follows it begins at the next byte, with nothing to refer to.
pub fn message(payload: &[u8], limit: usize) -> Result<Vec<u8>, Fault> {
    let input = [payload, &TAIL].concat();
    let mut out = Vec::new();
    let mut at = 0;
    loop {
        let mut stream = Stream { input: &input[at..], bit: 0, start: out.len(), limit };
        while !stream.block(&mut out)? {}
        at += stream.bit.div_ceil(8);
        // At the very end, or where the peer's last block was a final one.
        if at == input.len() || at == payload.len() {
            return Ok(out);
        }
    }
}

struct Stream<'a> {
    input: &'a [u8],
    bit: usize,
    /// Where in the output it began.
    start: usize,
    limit: usize,
}

/// How many codes there are of each length, and the symbols in their order.
struct Codes {
    counts: [u16; 16],
    symbols: Vec<u16>,
}

impl Codes {
    /// `None` where the lengths make no prefix code that zlib would take.
    fn new(lengths: &[u8], may_be_incomplete: bool) -> Option<Self> {
        let mut counts = [0_u16; 16];
        for length in lengths {
            counts[usize::from(*length)] += 1;
        }
        let mut left = 1_i32;
        for count in &counts[1..] {
            left = left * 2 - i32::from(*count);
            if left < 0 {
                return None;
            }
        }
        // One code of one bit, or none at all.
        let at_most_one = usize::from(counts[0] + counts[1]) == lengths.len() && counts[1] <= 1;
        if left > 0 && !(may_be_incomplete && at_most_one) {
            return None;
        }
        let mut symbols: Vec<u16> =
            (0..lengths.len() as u16).filter(|s| lengths[usize::from(*s)] != 0).collect();
        symbols.sort_by_key(|symbol| lengths[usize::from(*symbol)]);
        Some(Self { counts, symbols })
    }
}

impl Stream<'_> {
    fn bits(&mut self, count: u8) -> Result<u16, Fault> {
        let mut value = 0;
        for place in 0..count {
            let byte = self.input.get(self.bit / 8).ok_or(Corrupt)?;
            value |= u16::from(byte >> (self.bit % 8) & 1) << place;
            self.bit += 1;
        }
        Ok(value)
    }

    fn symbol(&mut self, codes: &Codes) -> Result<u16, Fault> {
        let (mut code, mut first, mut index) = (0_u32, 0_u32, 0_u32);
        for count in &codes.counts[1..] {
            let count = u32::from(*count);
            code |= u32::from(self.bits(1)?);
            if code < first + count {
                return Ok(codes.symbols[(index + code - first) as usize]);
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        Err(Corrupt)
    }

    fn put(&self, out: &mut Vec<u8>, byte: u8) -> Result<(), Fault> {
        out.push(byte);
        if out.len() > self.limit { Err(TooLarge) } else { Ok(()) }
    }

    /// Reads a block; says whether it was the final one.
    fn block(&mut self, out: &mut Vec<u8>) -> Result<bool, Fault> {
        let is_final = self.bits(1)? == 1;
        match self.bits(2)? {
            0 => self.stored(out)?,
            1 => {
                let lengths: Vec<u8> = (0..288)
                    .map(|symbol| match symbol {
                        0..144 => 8,
                        144..256 => 9,
                        256..280 => 7,
                        _ => 8,
                    })
                    .collect();
                let literals = Codes::new(&lengths, false).ok_or(Corrupt)?;
                let distances = Codes::new(&[5; 32], false).ok_or(Corrupt)?;
                self.compressed(&literals, &distances, out)?;
            }
            2 => {
                let (literals, distances) = self.tables()?;
                self.compressed(&literals, &distances, out)?;
            }
            _ => return Err(Corrupt),
        }
        Ok(is_final)
    }

    fn stored(&mut self, out: &mut Vec<u8>) -> Result<(), Fault> {
        self.bit = self.bit.div_ceil(8) * 8;
        let (length, complement) = (self.bits(16)?, self.bits(16)?);
        if length != !complement {
            return Err(Corrupt);
        }
        for _ in 0..length {
            let byte = self.bits(8)? as u8;
            self.put(out, byte)?;
        }
        Ok(())
    }

    fn tables(&mut self) -> Result<(Codes, Codes), Fault> {
        let literals = usize::from(self.bits(5)?) + 257;
        let distances = usize::from(self.bits(5)?) + 1;
        let codes = usize::from(self.bits(4)?) + 4;
        if literals > 286 || distances > 30 {
            return Err(Corrupt);
        }
        let mut lengths = [0; 19];
        for place in &CODE_ORDER[..codes] {
            lengths[*place] = self.bits(3)? as u8;
        }
        let code_lengths = Codes::new(&lengths, false).ok_or(Corrupt)?;
        let mut lengths: Vec<u8> = Vec::new();
        while lengths.len() < literals + distances {
            let (length, times) = match self.symbol(&code_lengths)? {
                16 => (*lengths.last().ok_or(Corrupt)?, 3 + self.bits(2)?),
                17 => (0, 3 + self.bits(3)?),
                18 => (0, 11 + self.bits(7)?),
                length => (length as u8, 1),
            };
            lengths.extend(std::iter::repeat_n(length, times.into()));
        }
        if lengths.len() > literals + distances || lengths[256] == 0 {
            return Err(Corrupt);
        }
        let (literals, distances) = lengths.split_at(literals);
        Ok((Codes::new(literals, true).ok_or(Corrupt)?, Codes::new(distances, true).ok_or(Corrupt)?))
    }

    fn compressed(&mut self, literals: &Codes, distances: &Codes, out: &mut Vec<u8>) -> Result<(), Fault> {
        loop {
            match self.symbol(literals)? {
                byte @ 0..256 => self.put(out, byte as u8)?,
                256 => return Ok(()),
                symbol => {
                    let (base, extra) = *LENGTHS.get(usize::from(symbol - 257)).ok_or(Corrupt)?;
                    let length = base + self.bits(extra)?;
                    let symbol = self.symbol(distances)?;
                    let (base, extra) = *DISTANCES.get(usize::from(symbol)).ok_or(Corrupt)?;
                    let distance = usize::from(base + self.bits(extra)?);
                    if distance > out.len() - self.start {
                        return Err(Corrupt);
                    }
                    for _ in 0..length {
                        let byte = out[out.len() - distance];
                        self.put(out, byte)?;
                    }
                }
            }
        }
    }
}
