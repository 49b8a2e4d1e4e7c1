//! Names of people that stand in a text, as far as one can see it from outside.

use std::fmt;

use crate::accents::plain_capitals;

/// Words that may be somebody's name: capitalised words side by side, with the small words that join names.
#[derive(Clone, PartialEq, Eq)]
pub struct WrittenName {
    /// As it stands in the text.
    pub text: String,
    /// Its words, without those that join.
    pub words: Vec<String>,
    /// It follows `Mr.`, `Señora` and the like: it is a name, whoever's it is.
    pub after_title: bool,
}

impl fmt::Debug for WrittenName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WrittenName([sensitive])")
    }
}

impl WrittenName {
    /// Each word before each later one: a given name and a family name, perhaps.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let words = &self.words;
        (0..words.len()).flat_map(move |at| words[at + 1..].iter().map(move |later| (words[at].as_str(), later.as_str())))
    }

    /// Whether one of these names has a word of it.
    pub(super) fn is_of(&self, names: &[String]) -> bool {
        let plain = |text: &str| plain_capitals(text);
        let words: Vec<String> = self.words.iter().map(|word| plain(word)).collect();
        names.iter().any(|name| plain(name).split_whitespace().any(|part| words.iter().any(|word| word == part)))
    }
}

const JOINS: [&str; 12] = ["de", "del", "la", "las", "los", "da", "dos", "van", "von", "der", "bin", "al"];
const TITLES: [&str; 14] =
    ["Mr", "Mrs", "Ms", "Miss", "Dr", "Sr", "Sra", "Srta", "Señor", "Señora", "Señorita", "Dra", "Don", "Doña"];
/// Longer rows of capitalised words are headings.
const LONGEST: usize = 6;

/// What may be names in a text.
pub fn names_in(text: &str) -> Vec<WrittenName> {
    text.lines().flat_map(in_line).collect()
}

struct Row<'a> {
    words: Vec<&'a str>,
    after_title: bool,
}

fn in_line(line: &str) -> Vec<WrittenName> {
    let (mut found, mut row, mut titled) = (Vec::new(), Row { words: Vec::new(), after_title: false }, false);
    for raw in line.split_whitespace() {
        let word = raw.trim_matches(|c: char| !c.is_alphanumeric());
        if TITLES.contains(&word) {
            end(&mut row, &mut found);
            titled = true;
            continue;
        }
        let begins_new = raw.starts_with(|c: char| !c.is_alphanumeric());
        if begins_new {
            end(&mut row, &mut found);
        }
        let is_name =
            word.chars().next().is_some_and(char::is_uppercase) && word.chars().all(|c| c.is_alphabetic() || "'-’".contains(c));
        if is_name {
            row.after_title |= std::mem::take(&mut titled);
            row.words.push(word);
        } else if JOINS.contains(&word) && !row.words.is_empty() {
            row.words.push(word);
        } else {
            titled = false;
            end(&mut row, &mut found);
        }
        if raw.ends_with(|c: char| !c.is_alphanumeric()) {
            end(&mut row, &mut found);
        }
    }
    end(&mut row, &mut found);
    found
}

fn end(row: &mut Row<'_>, found: &mut Vec<WrittenName>) {
    let Row { mut words, after_title } = std::mem::replace(row, Row { words: Vec::new(), after_title: false });
    while words.last().is_some_and(|word| JOINS.contains(word)) {
        words.pop();
    }
    let names: Vec<String> = words.iter().filter(|word| !JOINS.contains(*word)).map(|word| (*word).to_owned()).collect();
    let is_name = (names.len() >= 2 && names.len() <= LONGEST) || (after_title && !names.is_empty());
    if is_name {
        found.push(WrittenName { text: words.join(" "), words: names, after_title });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<String> {
        names_in(text).into_iter().map(|name| name.text).collect()
    }

    #[test]
    fn names_are_words_with_capitals_side_by_side() {
        assert_eq!(found("We called Ana Ejemplo, and Luis de la Prueba called us."), ["Ana Ejemplo", "Luis de la Prueba"]);
        assert_eq!(found("Dear Mr. Modelo: the card is here."), ["Modelo"]);
        assert_eq!(found("La Sra. Núñez de Paz nos llamó."), ["Núñez de Paz"]);
        assert_eq!(found("We mailed it. Please wait. It is with us."), [] as [&str; 0]);
        assert_eq!(found("He asked Ana. Luis answered."), [] as [&str; 0], "a sentence ends between them");
        let pairs: Vec<_> = names_in("Ana Luz Ejemplo")[0].pairs().map(|(given, family)| format!("{given} {family}")).collect();
        assert_eq!(pairs, ["Ana Luz", "Ana Ejemplo", "Luz Ejemplo"]);
    }

    #[test]
    fn a_name_is_known_by_a_word_of_it() {
        let name = &names_in("Mrs. Nuñez")[0];
        assert!(name.is_of(&["María NÚÑEZ Paz".into()]) && !name.is_of(&["Ana Ejemplo".into()]));
    }

    proptest! {
        #[test]
        fn names_stand_in_the_text(text in "([A-Za-zñÉ.,']{1,8}[ \n]){0,30}") {
            for name in names_in(&text) {
                for word in name.words {
                    prop_assert!(text.contains(&word));
                }
            }
        }
    }
}
