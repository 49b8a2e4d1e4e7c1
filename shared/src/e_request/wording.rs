//! What a form says of its fields, in one language: data of the server, and the same words in the browser while somebody types.

use serde::{Deserialize, Serialize};

use super::field::FieldProblem;

/// The words of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldWording {
    pub label: String,
    pub hint: Option<String>,
    /// Said when nothing was typed.
    pub missing: String,
    /// Said when what was typed is not right; none where nothing can be but by somebody who forges forms.
    pub wrong: Option<String>,
    /// Only of texts.
    pub too_long: Option<String>,
    /// Only of the first of several fields of which one will do.
    pub none_given: Option<String>,
}

impl FieldWording {
    /// What to do about a problem.
    pub fn problem(&self, problem: FieldProblem) -> &str {
        let text = match problem {
            FieldProblem::Missing => None,
            FieldProblem::Wrong => self.wrong.as_deref(),
            FieldProblem::TooLong => self.too_long.as_deref().or(self.wrong.as_deref()),
            FieldProblem::NoneGiven => self.none_given.as_deref(),
        };
        text.unwrap_or(&self.missing)
    }
}

/// The words of one kind of request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindWording {
    pub title: String,
    /// One line, for the list from which somebody chooses.
    pub description: String,
    /// What to have at hand before one begins.
    pub at_hand: Vec<String>,
    /// Stands before the questions about the issue.
    pub lead: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_words() {
        let plain = FieldWording {
            label: "ZIP code".into(),
            hint: None,
            missing: "Enter it.".into(),
            wrong: None,
            too_long: None,
            none_given: None,
        };
        let all = [FieldProblem::Missing, FieldProblem::Wrong, FieldProblem::TooLong, FieldProblem::NoneGiven];
        assert_eq!(all.map(|problem| plain.problem(problem)), ["Enter it."; 4]);
        let full = FieldWording {
            wrong: Some("Enter five digits.".into()),
            too_long: Some("Enter less.".into()),
            none_given: Some("Enter one.".into()),
            ..plain
        };
        let says = all.map(|problem| full.problem(problem));
        assert_eq!(says, ["Enter it.", "Enter five digits.", "Enter less.", "Enter one."]);
        assert_eq!(FieldWording { too_long: None, ..full.clone() }.problem(FieldProblem::TooLong), "Enter five digits.");
    }
}
