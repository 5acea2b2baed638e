//! Skips a value while checking its syntax completely, without recursion.

use super::cursor::Cursor;
use super::error::Result;

impl Cursor<'_> {
    /// Skips the next value, which may nest down to [`MAX_DEPTH`](super::MAX_DEPTH) when `depth` levels are already open.
    pub fn skip_value(&mut self, depth: u32) -> Result<()> {
        // One bit per open level of this value, set for an object. MAX_DEPTH bits are enough.
        let mut objects = 0_u128;
        let mut open = 0_u32;
        loop {
            let mut first = false;
            match self.peek_value()? {
                b'"' => {
                    self.string()?;
                }
                b'-' | b'0'..=b'9' => {
                    self.number()?;
                }
                b't' => self.literal("true")?,
                b'f' => self.literal("false")?,
                b'n' => self.literal("null")?,
                opening @ (b'{' | b'[') => {
                    self.open(depth + open)?;
                    open += 1;
                    objects = objects << 1 | u128::from(opening == b'{');
                    first = true;
                }
                _ => return Err(self.not_a_value()),
            }
            // Closes what ends here, and stops before the next value.
            loop {
                if open == 0 {
                    return Ok(());
                }
                let more = match objects & 1 {
                    1 => self.next_key(first)?.is_some(),
                    _ => self.next_element(first)?,
                };
                if more {
                    break;
                }
                objects >>= 1;
                open -= 1;
                first = false;
            }
        }
    }
}
