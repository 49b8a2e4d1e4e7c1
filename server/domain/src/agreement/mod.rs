//! Agreements with partner countries, and the terms with IDENT: what is in force, and how another version comes to be.
//!
//! The agreements manager drafts a version from a file or from the one before ([`draft`]); it says what is wrong with it, what it
//! changes and what past requests would have come to under it ([`read`]). A privacy officer and counsel sign exactly what they saw
//! ([`sign`]); the second signature brings it into force, from its day on. Nothing is changed or deleted: a decision names the
//! version on which it rests, and [`current`] gives the one that holds on a day.

mod demo;
mod draft;
mod past;
mod read;
mod sign;
mod template;
#[cfg(test)]
mod tests;

pub use demo::seed_demo;
#[cfg(test)]
pub(crate) use demo::sign_starters;
pub use draft::{Drafted, FileRefused, Opening, draft, draft_file, draft_starter, withdraw};
pub use past::PastRequest;
pub use read::{DryRun, Examined, PartnerFile, Seen, Status, VersionFile, Waiting, document, list, of_partner, read};
pub use sign::{NotSigned, Signed, capacities, sign};
pub use store::agreement::{Signature, Standing, StoredVersion, VersionHead};
pub use template::templates;

use chrono::NaiveDate;
use shared::agreement::{Agreement, AgreementVersion, Party};
use store::agreement as rows;

use crate::{Context, Error};

/// What holds with a partner on a day: for everything that asks or answers under it. None: nothing was signed yet.
pub async fn current(ctx: &Context, partner: impl Into<Party>, day: NaiveDate) -> Result<Option<Agreement>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    Ok(rows::current(&mut connection, partner, day).await?.map(|stored| stored.document))
}

/// The signed version that another one would follow: the last of all, whether its day has come or not.
fn last_signed(versions: &[VersionHead]) -> Option<AgreementVersion> {
    versions.iter().find(|head| matches!(head.standing, Standing::Signed { .. })).map(|head| head.version)
}

/// Is it a draft that can still be signed? After another version was signed it would take back what that one changed.
fn is_open(head: &VersionHead, versions: &[VersionHead]) -> bool {
    head.standing == Standing::Draft && head.follows == last_signed(versions)
}
