//! What a record has to do with, so that a hold on any of it keeps it.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use shared::retention::{HoldOn, Reach, RecordKind};
use store::engine::Connection;
use store::retention::record;
use uuid::Uuid;

use crate::{Context, Error, partner_query};

/// What was worked on so lately is in use, whatever its state says: a late message may still be about it.
const IN_USE: TimeDelta = TimeDelta::days(365);

/// What a record has to do with.
#[derive(Debug, Default)]
pub(super) struct Touched {
    pub reach: Reach,
    /// Somebody works on what partners were asked or asked about the person.
    pub is_in_use: bool,
}

impl Touched {
    pub fn is_kept(&self, holds: &[HoldOn]) -> bool {
        holds.iter().any(|hold| hold.keeps(&self.reach))
    }
}

pub(super) async fn touched(ctx: &Context, connection: &mut Connection, kind: RecordKind, id: Uuid) -> Result<Touched, Error> {
    match kind {
        RecordKind::Person => Box::pin(of_person(ctx, connection, id)).await,
        RecordKind::Case => of_cases(connection, [id].into()).await,
        RecordKind::AddressReport => {
            let cases = record::cases_of_report(connection, id).await?;
            of_cases(connection, cases).await
        }
    }
}

async fn of_person(ctx: &Context, connection: &mut Connection, root: Uuid) -> Result<Touched, Error> {
    let people: BTreeSet<Uuid> = store::profile::parts(connection, root).await?.into_iter().collect();
    let mut cases = record::cases_of_person(connection, root).await?;
    let about = partner_query::about_person(ctx, &people, ctx.now() - IN_USE).await?;
    cases.extend(about.cases);
    Ok(Touched { reach: Reach { people, cases, partners: about.partners }, is_in_use: about.is_in_use })
}

async fn of_cases(connection: &mut Connection, cases: BTreeSet<Uuid>) -> Result<Touched, Error> {
    let mut people = BTreeSet::new();
    for case in &cases {
        people.extend(record::people_of_case(connection, *case).await?);
    }
    Ok(Touched { reach: Reach { people, cases, partners: BTreeSet::new() }, is_in_use: false })
}
