//! A JSON text, read value by value.
//!
//! Not through serde: a message of 60 KB that is wrong from end to end is read a second time to say what is wrong with it, and
//! the visitors that serde asks for cost more than the reading. What the walk calls for each value is inlined into it, which
//! measured a sixth less.

use serde::de::Error as _;
use serde_json::Number;
use zocket_wire::json::{self, Cursor, Error, Integer, RawStr};

use super::tree::{Member, Node, Tree};

pub(super) type Result<T> = std::result::Result<T, Error>;

/// A position in a text, and how many arrays and objects are open there.
pub(super) struct Text<'t> {
    cursor: Cursor<'t>,
    depth: u32,
}

/// What comes next. Scalars have been read; arrays and objects have not been stepped into.
pub(super) enum Token<'t> {
    Null,
    Bool(bool),
    Number(Number),
    Text(RawStr<'t>),
    Array,
    Object,
}

impl<'t> Text<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { cursor: Cursor::new(text), depth: 0 }
    }

    #[inline(always)]
    pub(super) fn next(&mut self) -> Result<Token<'t>> {
        Ok(match self.cursor.peek_value()? {
            b'"' => Token::Text(self.cursor.string()?),
            b'-' | b'0'..=b'9' => Token::Number(number(&self.cursor.number()?)?),
            b't' => self.literal("true", Token::Bool(true))?,
            b'f' => self.literal("false", Token::Bool(false))?,
            b'n' => self.literal("null", Token::Null)?,
            b'[' => Token::Array,
            b'{' => Token::Object,
            _ => return Err(self.cursor.not_a_value()),
        })
    }

    fn literal(&mut self, word: &'static str, token: Token<'t>) -> Result<Token<'t>> {
        self.cursor.literal(word).map(|()| token)
    }

    /// Reads over the next value; only its syntax is checked.
    pub(super) fn skip(&mut self) -> Result<()> {
        self.cursor.skip_value(self.depth)
    }

    /// Reads the array that comes next; `each` has to read one item, and is told its index. Returns the number of items.
    #[inline(always)]
    pub(super) fn items(&mut self, mut each: impl FnMut(&mut Self, usize) -> Result<()>) -> Result<usize> {
        self.cursor.open(self.depth)?;
        self.depth += 1;
        let mut length = 0;
        while self.cursor.next_element(length == 0)? {
            each(self, length).map_err(|error| error.inside_index(length))?;
            length += 1;
        }
        self.depth -= 1;
        Ok(length)
    }

    /// Reads the object that comes next; `each` has to read the value of the property that it is told.
    #[inline(always)]
    pub(super) fn members(
        &mut self,
        mut each: impl FnMut(&mut Self, &RawStr<'t>) -> Result<()>,
    ) -> Result<()> {
        self.cursor.open(self.depth)?;
        self.depth += 1;
        let mut first = true;
        while let Some(name) = self.cursor.next_key(first)? {
            first = false;
            each(self, &name).map_err(|error| error.inside_key(&name.text()))?;
        }
        self.depth -= 1;
        Ok(())
    }

    /// Reads the next value completely.
    pub(super) fn tree(&mut self) -> Result<Tree<'t>> {
        Ok(Tree(match self.next()? {
            Token::Null => Node::Null,
            Token::Bool(value) => Node::Bool(value),
            Token::Number(number) => Node::Number(number),
            Token::Text(text) => Node::Text(text.text()),
            Token::Array => {
                let mut all = Vec::new();
                self.items(|text, _| {
                    all.push(text.tree()?);
                    Ok(())
                })?;
                Node::Array(all)
            }
            Token::Object => {
                let mut all = Vec::new();
                self.members(|text, name| {
                    all.push(Member { name: name.text(), value: text.tree()? });
                    Ok(())
                })?;
                Node::Object(all)
            }
        }))
    }

    /// Fails unless the text ends here.
    pub(super) fn end(mut self) -> Result<()> {
        self.cursor.end()
    }
}

/// The number as servers' types read it: an integer is one however it is written, but that a negative zero keeps its sign.
#[inline]
fn number(read: &json::Number<'_>) -> Result<Number> {
    match read {
        json::Number::Unsigned(integer) => Ok((*integer).into()),
        json::Number::Negative(integer) => Ok((*integer).into()),
        json::Number::Decimal(_) => decimal(read),
    }
}

fn decimal(read: &json::Number<'_>) -> Result<Number> {
    let integer = match read.to_integer() {
        Integer::Exact(false, 0) if read.is_negative() => None,
        Integer::Exact(false, magnitude) => u64::try_from(magnitude).ok().map(Number::from),
        Integer::Exact(true, magnitude) => 0_i128
            .checked_sub_unsigned(magnitude)
            .and_then(|integer| i64::try_from(integer).ok())
            .map(Number::from),
        Integer::Fraction | Integer::Huge(_) => None,
    };
    match integer {
        Some(integer) => Ok(integer),
        None => Number::from_f64(read.to_f64()?).ok_or_else(|| Error::custom("is not a JSON number")),
    }
}
