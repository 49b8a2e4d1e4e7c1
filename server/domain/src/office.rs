//! Offices coming in: `portico import offices FILE`, tab-separated, one office a line.

use shared::office::{OfficeCode, OfficeKind};
use store::office::Office;

use crate::{Action, Actor, Context, Error};

const HEADER: &str = "code\tname\tkind\tzip_prefixes";

/// Puts the offices of a file into the database and says how many are new or changed. Every line must be right: an office
/// list is short, and half of one would send work to the wrong place.
///
/// # Errors
/// [`Error::Unusable`] with the line and what to do.
pub async fn import(ctx: &Context, actor: Actor, file: &str) -> Result<usize, Error> {
    actor.check(Action::ChangeReference)?;
    let offices = parse(file)?;
    let mut transaction = ctx.store.begin().await?;
    let known = store::office::all_versions(&mut transaction).await?;
    let current = |office: &Office| known.iter().rfind(|(_, known)| known.code == office.code).map(|(_, known)| known);
    let changed: Vec<_> = offices.iter().filter(|office| current(office) != Some(*office)).collect();
    for office in &changed {
        store::office::add(&mut transaction, office, ctx.now()).await?;
    }
    if !changed.is_empty() {
        ctx.audit(&mut transaction, actor, "office.import", "offices", serde_json::json!({ "changed": changed.len() })).await?;
    }
    transaction.commit().await?;
    let changed = changed.len();
    ctx.refresh_texts().await?;
    Ok(changed)
}

/// The offices there are: code and name, in the order of their codes.
pub fn all(ctx: &Context) -> Vec<(OfficeCode, String)> {
    ctx.texts().offices(ctx.now())
}

/// What an office is called; its code if it is not on the list.
pub fn name(ctx: &Context, office: &OfficeCode) -> String {
    ctx.texts().office_name(office, ctx.now()).to_owned()
}

fn parse(file: &str) -> Result<Vec<Office>, Error> {
    let mut lines = file.lines().enumerate().map(|(at, line)| (at + 1, line.trim_end_matches('\r')));
    match lines.next() {
        Some((_, HEADER)) => {}
        _ => return Err(Error::Unusable(format!("Line 1 must be the header: {}", HEADER.replace('\t', "<tab>")))),
    }
    let mut offices: Vec<Office> = Vec::new();
    for (number, line) in lines.filter(|(_, line)| !line.is_empty()) {
        let office = parse_line(line).map_err(|what| Error::Unusable(format!("Line {number}: {what}")))?;
        if offices.iter().any(|known| known.code == office.code) {
            return Err(Error::Unusable(format!("Line {number}: the office {} stands twice.", office.code.as_str())));
        }
        offices.push(office);
    }
    Ok(offices)
}

fn parse_line(line: &str) -> Result<Office, String> {
    let [code, name, kind, prefixes] =
        line.split('\t').collect::<Vec<_>>().try_into().map_err(|_| "an office has four fields between tabs.".to_owned())?;
    let code = OfficeCode::parse(code).map_err(|error| format!("{error}."))?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return Err("a name has 1 to 100 characters.".into());
    }
    let kinds = OfficeKind::ALL.map(OfficeKind::key).join(", ");
    let kind = OfficeKind::from_key(kind).ok_or_else(|| format!("the kind must be one of {kinds}."))?;
    let zip_prefixes: Vec<String> = prefixes.split([' ', ',']).filter(|prefix| !prefix.is_empty()).map(Into::into).collect();
    if zip_prefixes.iter().any(|prefix| prefix.len() > 5 || !prefix.bytes().all(|b| b.is_ascii_digit())) {
        return Err("ZIP prefixes are one to five digits each, with spaces between.".into());
    }
    Ok(Office { code, name: name.into(), kind, zip_prefixes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_list_is_right_or_says_where_it_is_not() {
        let good =
            format!("{HEADER}\nNBC\tNational Benefits Center\tservice_center\t\nWAS\tWashington\tfield_office\t200 201,220\r\n");
        let offices = parse(&good).unwrap();
        assert_eq!(offices[1].zip_prefixes, ["200", "201", "220"]);
        for (line, says) in [
            ("nbc\tX\tfield_office\t", "Line 2: an office code"),
            ("NBC\t \tfield_office\t", "a name"),
            ("NBC\tX\tembassy\t", "the kind must be one of"),
            ("NBC\tX\tfield_office\t2O0", "ZIP prefixes"),
            ("NBC\tX", "four fields"),
            ("NBC\tX\tother\t\nNBC\tX\tother\t", "Line 3: the office NBC stands twice"),
        ] {
            let error = parse(&format!("{HEADER}\n{line}")).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
        assert!(parse("").unwrap_err().to_string().contains("header"));
    }
}
