//! Texts that match some patterns and no others: the shortest of them, or that there is none.
//!
//! Each pattern becomes an automaton, and a search goes through all of them at once, character by character. Characters that
//! no pattern tells apart are one. What looks around or back is no automaton, and so is not known.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use regex_automata::Anchored;
use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{Cache, Config, DFA};
use regex_automata::nfa::thompson;
use regex_automata::util::start;
use regex_syntax::hir::{Class, Hir, HirKind};

/// How many characters are told apart at most.
const MOST_CLASSES: usize = 1600;
/// How many combined states are looked at in one search.
const MOST_STATES: usize = 4000;
/// How many steps from one to another are taken.
const MOST_STEPS: usize = 200_000;
/// Longer texts are not looked for.
const LONGEST: u64 = 300;
/// The memory of one automaton, in bytes.
const MEMORY: usize = 1 << 20;

/// What a search has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Text(String),
    /// There is none.
    Nothing,
    Unknown,
}

/// What texts are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Wanted<'p> {
    /// They match all of these.
    pub(crate) matching: BTreeSet<&'p str>,
    /// They match none of these.
    pub(crate) failing: BTreeSet<&'p str>,
    /// How many characters they have at least.
    pub(crate) min: u64,
    /// And at most.
    pub(crate) max: Option<u64>,
}

/// Automata by their patterns, and what was found.
#[derive(Default)]
pub(crate) struct Languages<'p> {
    automata: HashMap<&'p str, Option<Automaton>>,
    found: HashMap<Wanted<'p>, Found>,
}

struct Automaton {
    dfa: DFA,
    cache: Cache,
    /// Where characters begin that it may tell from those before.
    cuts: BTreeSet<u32>,
}

/// Where one automaton is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum State {
    At(LazyStateID),
    /// The text matches, whatever follows.
    Matched,
    /// The text does not match, whatever follows.
    Failed,
}

/// Where a search has been.
#[derive(Clone)]
struct Node {
    /// Where each automaton was.
    states: Vec<State>,
    /// The node before it, and the character from there.
    from: Option<(usize, char)>,
    /// How many characters that were, as far as it matters.
    counted: u64,
}

impl<'p> Languages<'p> {
    /// The shortest text of those that are wanted.
    pub(crate) fn find(&mut self, wanted: &Wanted<'p>) -> Found {
        if let Some(found) = self.found.get(wanted) {
            return found.clone();
        }
        let found = self.search(wanted).unwrap_or(Found::Unknown);
        self.found.insert(wanted.clone(), found.clone());
        found
    }

    /// `None` where it is not known.
    fn search(&mut self, wanted: &Wanted<'p>) -> Option<Found> {
        if wanted.max.is_some_and(|max| max < wanted.min) || !wanted.matching.is_disjoint(&wanted.failing) {
            return Some(Found::Nothing);
        }
        if wanted.min > LONGEST {
            return None;
        }
        let patterns: Vec<(&'p str, bool)> = wanted
            .matching
            .iter()
            .map(|pattern| (*pattern, true))
            .chain(wanted.failing.iter().map(|pattern| (*pattern, false)))
            .collect();
        let mut automata = Vec::new();
        let mut cuts = BTreeSet::from([0, u32::from('a'), u32::from('b')]);
        for (pattern, matches) in &patterns {
            let built = match self.automata.remove(pattern) {
                Some(built) => built,
                None => Automaton::new(pattern),
            };
            match built {
                Some(automaton) => {
                    cuts.extend(&automaton.cuts);
                    automata.push((automaton, *matches));
                }
                None => {
                    self.automata.insert(pattern, None);
                }
            }
        }
        let known = automata.len() == patterns.len();
        let found = if known && cuts.len() <= MOST_CLASSES {
            walk(&mut automata, &letters(&cuts), wanted)
        } else {
            None
        };
        let known = patterns.iter().filter(|(pattern, _)| !self.automata.contains_key(pattern));
        let known: Vec<&'p str> = known.map(|(pattern, _)| *pattern).collect();
        self.automata
            .extend(known.into_iter().zip(automata.into_iter().map(|(automaton, _)| Some(automaton))));
        found
    }
}

/// Breadth first, so that the first text is the shortest.
fn walk(automata: &mut [(Automaton, bool)], letters: &[char], wanted: &Wanted<'_>) -> Option<Found> {
    let begin =
        automata.iter_mut().map(|(automaton, _)| automaton.begin()).collect::<Option<Vec<State>>>()?;
    let mut nodes = vec![Node { states: begin.clone(), from: None, counted: 0 }];
    let mut met = HashSet::from([(begin, 0)]);
    let mut open = VecDeque::from([(0, 0_u64)]);
    let mut steps = 0;
    while let Some((index, length)) = open.pop_front() {
        let Node { states, counted, .. } = nodes[index].clone();
        let mut fits = counted >= wanted.min;
        for ((automaton, matches), state) in automata.iter_mut().zip(&states) {
            fits &= automaton.accepts(*state)? == *matches;
        }
        if fits {
            let longest = wanted.max.is_some_and(|max| length > max);
            return Some(if longest { Found::Nothing } else { Found::Text(text(&nodes, index)) });
        }
        if length > LONGEST {
            return None;
        }
        for letter in letters {
            steps += 1;
            if steps > MOST_STEPS || nodes.len() > MOST_STATES {
                return None;
            }
            let mut next = Vec::with_capacity(states.len());
            for ((automaton, _), state) in automata.iter_mut().zip(&states) {
                next.push(automaton.step(*state, *letter)?);
            }
            let hopeless = next
                .iter()
                .zip(&*automata)
                .any(|(state, (_, matches))| *state == if *matches { State::Failed } else { State::Matched });
            let counted = (counted + 1).min(wanted.min);
            if !hopeless && met.insert((next.clone(), counted)) {
                nodes.push(Node { states: next, from: Some((index, *letter)), counted });
                open.push_back((nodes.len() - 1, length + 1));
            }
        }
    }
    Some(Found::Nothing)
}

fn text(nodes: &[Node], mut index: usize) -> String {
    let mut letters = Vec::new();
    while let Some((before, letter)) = nodes[index].from {
        letters.push(letter);
        index = before;
    }
    letters.into_iter().rev().collect()
}

impl Automaton {
    fn new(pattern: &str) -> Option<Self> {
        let spelling = super::translated(pattern).ok()?;
        let mut cuts = BTreeSet::new();
        gather(&regex_syntax::parse(&spelling).ok()?, &mut cuts);
        let config = Config::new()
            .cache_capacity(MEMORY)
            .skip_cache_capacity_check(true)
            .minimum_cache_clear_count(Some(0));
        let nfa = thompson::Config::new().nfa_size_limit(Some(MEMORY));
        let dfa = DFA::builder().configure(config).thompson(nfa).build(&spelling).ok()?;
        let cache = dfa.create_cache();
        Some(Self { dfa, cache, cuts })
    }

    fn begin(&mut self) -> Option<State> {
        let config = start::Config::new().anchored(Anchored::No);
        Self::state(self.dfa.start_state(&mut self.cache, &config).ok()?)
    }

    fn step(&mut self, state: State, letter: char) -> Option<State> {
        let mut bytes = [0; 4];
        let mut state = state;
        for byte in letter.encode_utf8(&mut bytes).bytes() {
            let State::At(at) = state else { return Some(state) };
            state = Self::state(self.dfa.next_state(&mut self.cache, at, byte).ok()?)?;
        }
        Some(state)
    }

    fn state(id: LazyStateID) -> Option<State> {
        if id.is_quit() || id.is_unknown() {
            None
        } else if id.is_match() {
            Some(State::Matched)
        } else if id.is_dead() {
            Some(State::Failed)
        } else {
            Some(State::At(id))
        }
    }

    /// Whether the text matches if it ends here.
    fn accepts(&mut self, state: State) -> Option<bool> {
        match state {
            State::At(at) => Some(self.dfa.next_eoi_state(&mut self.cache, at).ok()?.is_match()),
            State::Matched => Some(true),
            State::Failed => Some(false),
        }
    }
}

/// Gathers where characters begin that a pattern tells from those before.
fn gather(pattern: &Hir, cuts: &mut BTreeSet<u32>) {
    let mut range = |first: u32, last: u32| cuts.extend([first, last + 1]);
    match pattern.kind() {
        HirKind::Literal(literal) => {
            let text = String::from_utf8_lossy(&literal.0);
            text.chars().for_each(|c| range(c.into(), c.into()));
        }
        HirKind::Class(Class::Unicode(class)) => {
            class.ranges().iter().for_each(|of| range(of.start().into(), of.end().into()));
        }
        HirKind::Class(Class::Bytes(class)) => {
            class.ranges().iter().for_each(|of| range(of.start().into(), of.end().into()));
        }
        HirKind::Repetition(repetition) => gather(&repetition.sub, cuts),
        HirKind::Capture(capture) => gather(&capture.sub, cuts),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().for_each(|part| gather(part, cuts));
        }
        HirKind::Empty | HirKind::Look(_) => {}
    }
}

/// One character for each stretch between two cuts, those first that read well.
fn letters(cuts: &BTreeSet<u32>) -> Vec<char> {
    const GOOD: [(char, char); 5] = [('a', 'z'), ('0', '9'), ('A', 'Z'), ('!', '~'), ('\n', '\n')];
    let ends = cuts.iter().skip(1).copied().chain([char::MAX as u32 + 1]);
    let best = |first: u32, end: u32| {
        let within = |low: char, high: char| {
            let (low, high) = (first.max(low.into()), end.min(high as u32 + 1));
            (low < high).then(|| char::from_u32(low)).flatten()
        };
        let good = GOOD.iter().enumerate().find_map(|(rank, (low, high))| Some((rank, within(*low, *high)?)));
        good.or_else(|| Some((GOOD.len(), within('\u{a0}', '\u{d7ff}')?))).or_else(|| {
            Some((GOOD.len() + 1, within('\0', '\u{9f}').or_else(|| within('\u{e000}', char::MAX))?))
        })
    };
    let mut letters: Vec<(usize, char)> =
        cuts.iter().zip(ends).filter_map(|(first, end)| best(*first, end)).collect();
    letters.sort_unstable();
    letters.into_iter().map(|(_, letter)| letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(matching: &[&'static str], failing: &[&'static str], min: u64, max: Option<u64>) -> Found {
        let [matching, failing] = [matching, failing].map(|all| all.iter().copied().collect());
        Languages::default().find(&Wanted { matching, failing, min, max })
    }

    fn text(text: &str) -> Found {
        Found::Text(text.to_owned())
    }

    #[test]
    fn the_shortest_text_is_found_or_that_there_is_none() {
        assert_eq!(find(&["^b"], &["^[ab]$"], 0, None), text("ba"));
        assert_eq!(find(&["^[a-f]"], &["^[a-z]"], 0, None), Found::Nothing);
        assert_eq!(find(&["^[a-z]"], &["^[a-f]"], 0, None), text("g"));
        assert_eq!(find(&[], &[""], 0, None), Found::Nothing);
        assert_eq!(find(&[], &[".+"], 1, None), text("\n"), "a dot is no line end");
        assert_eq!(find(&[], &[".*"], 0, None), Found::Nothing);
        assert_eq!(find(&["^a*$", "^(aa)*$"], &["^(aaa)*$"], 3, None), text("aaaa"));
        assert_eq!(find(&["^a{3}$"], &[], 0, Some(2)), Found::Nothing);
        assert_eq!(find(&["^ä$", "^\\p{L}$"], &[], 0, None), text("ä"));
        assert_eq!(find(&["^(0|[1-9][0-9]*)$"], &["^(0|-?[1-9][0-9]*)$"], 0, None), Found::Nothing);
        assert_eq!(find(&["^(0|-?[1-9][0-9]*)$"], &["^(0|[1-9][0-9]*)$"], 0, None), text("-1"));
    }

    #[test]
    fn what_looks_around_or_is_too_large_is_not_known() {
        assert_eq!(find(&["^(?!a)"], &[], 0, None), Found::Unknown);
        assert_eq!(find(&["^x{299}$"], &["^y"], 301, None), Found::Unknown);
        assert_eq!(find(&["([a-z]{30}){30}[0-9]"], &["b"], 0, None), Found::Unknown);
    }
}
