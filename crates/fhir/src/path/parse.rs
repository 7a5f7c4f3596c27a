//! From text to an [`Expression`] (FHIRPath 2.0, grammar), by the precedence of its operators.

use super::expression::{Expression, PathError};
use super::tokens::{Placed, Token, tokens, unexpected};

/// The longest expression, in bytes.
const MAX_BYTES: usize = 4096;
/// The deepest nesting of parentheses and arguments, and the longest chain of steps and operators.
const MAX_DEPTH: usize = 64;

impl Expression {
    /// Reads an expression.
    pub(crate) fn parse(text: &str) -> Result<Expression, PathError> {
        if text.len() > MAX_BYTES {
            return Err(PathError::TooLong);
        }
        let mut parser = Parser { text, tokens: tokens(text)?, at: 0, depth: 0, n_steps: 0 };
        let expression = parser.or()?;
        match parser.tokens.get(parser.at) {
            Some(_) => Err(parser.unexpected()),
            None => Ok(expression),
        }
    }
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Placed>,
    at: usize,
    depth: usize,
    n_steps: usize,
}

type Parsed = Result<Expression, PathError>;

impl Parser<'_> {
    fn unexpected(&self) -> PathError {
        unexpected(self.text, self.tokens.get(self.at).map_or(self.text.len(), |(_, at)| *at))
    }

    fn eat(&mut self, sign: u8) -> bool {
        let found = matches!(self.tokens.get(self.at), Some((Token::Sign(found), _)) if *found == sign);
        self.at += usize::from(found);
        found
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some((Token::Name(found), _)) if found == word);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: u8) -> Result<(), PathError> {
        if self.eat(sign) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn name(&mut self) -> Result<String, PathError> {
        match self.tokens.get(self.at) {
            Some((Token::Name(name), _)) => {
                self.at += 1;
                Ok(name.clone())
            }
            _ => Err(self.unexpected()),
        }
    }

    /// Steps and operators make a tree as deep as they are many.
    fn count_step(&mut self) -> Result<(), PathError> {
        self.n_steps += 1;
        if self.n_steps > MAX_DEPTH { Err(PathError::TooLong) } else { Ok(()) }
    }

    fn or(&mut self) -> Parsed {
        let mut left = self.and()?;
        while self.eat_word("or") {
            self.count_step()?;
            left = Expression::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Parsed {
        let mut left = self.equality()?;
        while self.eat_word("and") {
            self.count_step()?;
            left = Expression::And(Box::new(left), Box::new(self.equality()?));
        }
        Ok(left)
    }

    fn equality(&mut self) -> Parsed {
        let left = self.union()?;
        if self.eat(b'=') {
            return Ok(Expression::Equal(Box::new(left), Box::new(self.union()?)));
        }
        if self.eat(b'!') {
            return Ok(Expression::Unequal(Box::new(left), Box::new(self.union()?)));
        }
        Ok(left)
    }

    fn union(&mut self) -> Parsed {
        let mut left = self.typed()?;
        while self.eat(b'|') {
            self.count_step()?;
            left = Expression::Union(Box::new(left), Box::new(self.typed()?));
        }
        Ok(left)
    }

    fn typed(&mut self) -> Parsed {
        let of = self.steps()?;
        if self.eat_word("as") {
            return Ok(Expression::As(Box::new(of), self.type_name()?));
        }
        if self.eat_word("is") {
            return Ok(Expression::Is(Box::new(of), self.type_name()?));
        }
        Ok(of)
    }

    /// A type's name, with or without `FHIR.` before it.
    fn type_name(&mut self) -> Result<String, PathError> {
        let name = self.name()?;
        if name == "FHIR" && self.eat(b'.') { self.name() } else { Ok(name) }
    }

    fn steps(&mut self) -> Parsed {
        let mut of = self.first()?;
        loop {
            if self.eat(b'.') {
                self.count_step()?;
                of = self.invocation(Some(Box::new(of)))?;
            } else if self.eat(b'[') {
                self.count_step()?;
                let Some((Token::Number(index), _)) = self.tokens.get(self.at) else { return Err(self.unexpected()) };
                of = Expression::Index(Box::new(of), *index);
                self.at += 1;
                self.expect(b']')?;
            } else {
                return Ok(of);
            }
        }
    }

    fn first(&mut self) -> Parsed {
        if let Some((Token::Text(text), _)) = self.tokens.get(self.at) {
            let text = Expression::Text(text.clone());
            self.at += 1;
            return Ok(text);
        }
        if self.eat(b'(') {
            return self.nested();
        }
        if self.eat(b'%') {
            return if self.eat_word("resource") { Ok(Expression::Resource) } else { Err(self.unexpected()) };
        }
        if self.eat(b'$') {
            return if self.eat_word("this") { Ok(Expression::This) } else { Err(self.unexpected()) };
        }
        if self.eat_word("true") {
            return Ok(Expression::Bool(true));
        }
        if self.eat_word("false") {
            return Ok(Expression::Bool(false));
        }
        self.invocation(None)
    }

    /// An expression and the parenthesis behind it.
    fn nested(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(PathError::TooLong);
        }
        let inner = self.or()?;
        self.depth -= 1;
        self.expect(b')')?;
        Ok(inner)
    }

    fn invocation(&mut self, of: Option<Box<Expression>>) -> Parsed {
        let name = self.name()?;
        if !self.eat(b'(') {
            return Ok(Expression::Member(of, name));
        }
        let arguments = if self.eat(b')') { Vec::new() } else { vec![self.nested()?] };
        Ok(Expression::Call(of, name, arguments))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precedence_is_the_standards() {
        let parse = |text| Expression::parse(text).expect("an expression");
        assert_eq!(parse("a.b as C | d"), parse("((a.b) as C) | (d)"));
        assert_eq!(parse("a = 'x' and b or c"), parse("((a = 'x') and b) or c"));
        assert_eq!(parse("a | b != false"), parse("(a | b) != (false)"));
        assert_eq!(parse("`a`.b as FHIR.C"), parse("a.b as C"));
        assert_ne!(parse("a | b | c"), parse("a | (b | c)"));
        assert_eq!(parse(r"'it\'s'"), Expression::Text("it's".to_owned()));
    }

    #[test]
    fn what_is_no_expression_is_refused_with_its_place() {
        for (text, at) in [("", 0), ("a.", 2), ("a b", 2), ("a[x]", 2), ("(a", 2), ("a)", 1), ("'a", 0), ("a ! b", 2)] {
            let found = text.get(at..).unwrap_or_default().chars().take(1).collect();
            assert_eq!(Expression::parse(text), Err(PathError::Syntax { found, at }), "{text}");
        }
        for text in ["é", "%context", "$index", "a.where(", "a.as()()", r"'\q'", "1"] {
            assert!(Expression::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn length_and_depth_are_bounded() {
        for text in
            ["(".repeat(3000), "a.".repeat(2000) + "a", "a|".repeat(100) + "a", "a(".repeat(100), "a".repeat(5000)]
        {
            assert_eq!(Expression::parse(&text), Err(PathError::TooLong));
        }
        assert_eq!(Expression::parse("a[99999999999999999999]"), Err(PathError::TooLong));
    }
}
