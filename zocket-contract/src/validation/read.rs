//! Reading a value with its schema: what the schema never looks into is skipped, not kept.

use super::glance::Sight;
use super::program::{NodeId, Program};
use super::text::{Result, Text, Token};
use super::tree::{Member, Node, Tree};

impl<'t> Text<'t> {
    /// Reads the next value for the schema of this number if only that schema looks into it; otherwise reads all of it. Scalars
    /// are kept, whatever the schema.
    pub(super) fn tree_for(&mut self, program: &Program, schema: Option<NodeId>) -> Result<Tree<'t>> {
        let Some(id) = schema else { return self.tree() };
        let schema = &program.nodes[id];
        Ok(Tree(match self.next()? {
            Token::Null => Node::Null,
            Token::Bool(value) => Node::Bool(value),
            Token::Number(number) => Node::Number(number),
            Token::Text(text) => Node::Text(text.text()),
            Token::Array => {
                let rule = match schema.inside {
                    _ if schema.glance.array == Sight::Fails => None,
                    Some(inside) => program.nodes[inside].array.as_deref(),
                    None => return self.tree(),
                };
                let mut all = Vec::new();
                match rule {
                    None => self.skip()?,
                    Some(rule) => {
                        self.items(|text, index| {
                            all.push(match rule.prefix.get(index).copied().or(rule.items) {
                                _ if rule.unique => text.tree()?,
                                None => text.skip().map(|()| Tree::default())?,
                                own => text.tree_for(program, own)?,
                            });
                            Ok(())
                        })?;
                    }
                }
                Node::Array(all)
            }
            Token::Object => {
                let rule = match schema.inside {
                    _ if schema.glance.object == Sight::Fails => None,
                    Some(inside) => program.nodes[inside].object.as_deref(),
                    None => return self.tree(),
                };
                let mut all = Vec::new();
                match rule {
                    None => self.skip()?,
                    Some(rule) => self.members(|text, name| {
                        let name = name.text();
                        let own =
                            rule.property(&name).map(|index| rule.properties[index].1).or(rule.additional);
                        let value = match own {
                            // Several schemas may look into it.
                            _ if !rule.patterns.is_empty() => text.tree()?,
                            None => text.skip().map(|()| Tree::default())?,
                            own => text.tree_for(program, own)?,
                        };
                        all.push(Member { name, value });
                        Ok(())
                    })?,
                }
                Node::Object(all)
            }
        }))
    }
}
