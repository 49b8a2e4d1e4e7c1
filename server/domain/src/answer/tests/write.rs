use shared::answer::{Channel as By, Place, Recipient, Rule, Template, TemplateError, TemplateUse};

use super::*;

#[tokio::test]
async fn two_officers_at_once_do_not_write_over_each_other() {
    for test in each().await {
        let ctx = &test.ctx;
        let request = opened(ctx).await;
        let (ana, ben) = (officer(ctx, 7, Role::Iio), officer(ctx, 8, Role::Siio));
        let first = good(ctx);
        assert_eq!(save(ctx, &ana, request, None, &first).await.unwrap(), Saved::Kept(1));
        let mut second = first.clone();
        second.text.push_str("\n\nOtra línea.");
        assert_eq!(save(ctx, &ben, request, Some(1), &second).await.unwrap(), Saved::Kept(2));
        let changed = save(ctx, &ana, request, Some(1), &first).await.unwrap();
        assert_eq!(changed, Saved::Changed { theirs: Box::new(second.clone()), version: 2 });
        assert_eq!(
            save(ctx, &ana, request, None, &first).await.unwrap(),
            Saved::Changed { theirs: Box::new(second.clone()), version: 2 }
        );
        let work = work(ctx, &ana, request).await.unwrap().unwrap();
        let under_way = work.under_way.unwrap();
        assert_eq!((work.draft, under_way.version, under_way.written_by), (second, 2, ben.id()));
        assert_eq!(release(ctx, &ana, request, 1).await.unwrap(), Released::Changed);
        assert_eq!((audited(ctx, "answer.begin").await, audited(ctx, "answer.open").await), (1, 1));
    }
}

#[tokio::test]
async fn only_who_answers_at_the_office_may_write() {
    for test in each().await {
        let ctx = &test.ctx;
        let request = opened(ctx).await;
        for stranger in
            [officer_at(ctx, 9, Role::Iio, "LIN"), officer(ctx, 9, Role::QualityReviewer), officer(ctx, 9, Role::Tier1Agent)]
        {
            assert!(matches!(save(ctx, &stranger, request, None, &good(ctx)).await, Err(Error::Refused)));
            assert!(matches!(work(ctx, &stranger, request).await, Err(Error::Refused)));
            assert!(matches!(release(ctx, &stranger, request, 1).await, Err(Error::Refused) | Ok(Released::NotNow)));
        }
        save(ctx, &officer(ctx, 7, Role::Tier2Agent), request, None, &good(ctx)).await.unwrap();
        for stranger in [officer_at(ctx, 9, Role::Siio, "LIN"), officer(ctx, 9, Role::Tier1Agent)] {
            assert!(matches!(release(ctx, &stranger, request, 1).await, Err(Error::Refused)));
        }
        assert!(work(ctx, &officer(ctx, 7, Role::Iio), Uuid::nil()).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn an_officer_sees_what_is_to_be_said_and_what_is_wrong() {
    for test in each().await {
        let ctx = &test.ctx;
        let request = opened(ctx).await;
        a_namesake(ctx).await;
        let me = officer(ctx, 7, Role::Iio);
        let begun = work(ctx, &me, request).await.unwrap().unwrap();
        assert!(begun.under_way.is_none() && begun.is_blocked && begun.draft.locale == Locale::Es);
        let issues: Vec<_> = begun.issues.iter().map(|(issue, _)| *issue).collect();
        assert_eq!(issues, [Issue::Matter, Issue::Correction, Issue::Explanation]);
        save(ctx, &me, request, None, &good(ctx)).await.unwrap();
        let fine = work(ctx, &me, request).await.unwrap().unwrap();
        assert_eq!((fine.findings.clone(), fine.is_blocked, fine.to_fill_in), (vec![], false, vec![Placeholder::DoneBy]));
        let mut wrong = good(ctx);
        wrong.text.push_str("\n\nLuis Modelo y Ana Ejemplo nos llamaron por EAC9999103404 y por EAC9999103403.");
        save(ctx, &me, request, Some(1), &wrong).await.unwrap();
        let found = work(ctx, &me, request).await.unwrap().unwrap().findings;
        let found: Vec<_> = found.iter().map(|finding| (finding.rule, finding.place, finding.found.as_str())).collect();
        assert_eq!(
            found,
            [(Rule::OtherPeople, Place::Part(4), "EAC9999103404"), (Rule::OtherPeople, Place::Part(4), "Luis Modelo")],
            "the case's own number and name may stand in it"
        );
    }
}

/// Somebody of another case.
async fn a_namesake(ctx: &Context) {
    let other = line("other", "EAC9998103499", "IAA", "2026-01-07T14:00:00Z", "");
    import_lines(ctx, &[other.replace(r#""family":"Ejemplo","given":"Ana""#, r#""family":"MODELO","given":"LUIS""#)]).await;
}

#[tokio::test]
async fn templates_have_versions_and_are_there_in_both_languages() {
    for test in each().await {
        let ctx = &test.ctx;
        let (siio, iio) = (officer(ctx, 7, Role::Siio), officer(ctx, 8, Role::Iio));
        let template = |en: &str| Template::new("mailed", TemplateUse::Answer, [KIND], "Mailed", en, "El {mailed_on}.");
        assert!(matches!(save_template(ctx, &iio, template("On {mailed_on}.")).await, Err(Error::Refused)));
        for (version, en) in [(1, "On {mailed_on}."), (2, "Mailed on {mailed_on}.")] {
            assert_eq!(save_template(ctx, &siio, template(en)).await.unwrap(), SavedTemplate::Kept(version));
        }
        let wrong = save_template(ctx, &siio, template("On a day.")).await.unwrap();
        assert_eq!(wrong, SavedTemplate::Wrong(vec![TemplateError::OneLanguage(Placeholder::MailedOn)]));
        let found = templates(ctx, &iio, Some(KIND)).await.unwrap();
        assert_eq!((found.len(), found[0].version), (1, 2));
        assert!(templates(ctx, &iio, Some(RequestKind::Expedite)).await.unwrap().is_empty());
        assert!(retire_template(ctx, &siio, "mailed").await.unwrap());
        assert!(templates(ctx, &iio, None).await.unwrap().is_empty());
        assert_eq!(audited(ctx, "answer.template").await, 2);
    }
}

#[tokio::test]
async fn a_draft_is_thrown_away_by_who_has_read_it_and_another_one_begun() {
    for test in each().await {
        let ctx = &test.ctx;
        let (request, me) = (opened(ctx).await, officer(ctx, 7, Role::Iio));
        assert_eq!(discard(ctx, &me, request, 1).await.unwrap(), Discarded::NotNow);
        save(ctx, &me, request, None, &good(ctx)).await.unwrap();
        save(ctx, &me, request, Some(1), &good_again(ctx)).await.unwrap();
        assert!(matches!(discard(ctx, &officer(ctx, 9, Role::QualityReviewer), request, 2).await, Err(Error::Refused)));
        assert_eq!(discard(ctx, &me, request, 1).await.unwrap(), Discarded::Changed);
        assert_eq!(discard(ctx, &me, request, 2).await.unwrap(), Discarded::Yes);
        let after = work(ctx, &me, request).await.unwrap().unwrap();
        assert!(after.under_way.is_none() && after.draft.text.is_empty());
        assert_eq!(save(ctx, &me, request, Some(2), &good(ctx)).await.unwrap(), Saved::NotNow, "what was thrown away stays so");
        assert_eq!(save(ctx, &me, request, None, &good(ctx)).await.unwrap(), Saved::Kept(1));
        assert_eq!(audited(ctx, "answer.discard").await, 1);
    }
}

#[tokio::test]
async fn the_same_words_sent_again_are_no_conflict() {
    for test in each().await {
        let ctx = &test.ctx;
        let (request, me) = (opened(ctx).await, officer(ctx, 7, Role::Iio));
        for _ in 0..2 {
            assert_eq!(save(ctx, &me, request, None, &good(ctx)).await.unwrap(), Saved::Kept(1));
        }
        let other = save(ctx, &officer(ctx, 8, Role::Iio), request, None, &good(ctx)).await.unwrap();
        assert!(matches!(other, Saved::Changed { version: 1, .. }), "somebody else's are");
    }
}

#[tokio::test]
async fn an_officer_sees_who_will_get_it_and_what_they_will_read() {
    for test in each().await {
        let ctx = &test.ctx;
        with_representative(ctx, "").await;
        let (request, me) = (opened(ctx).await, officer(ctx, 7, Role::Iio));
        assert!(preview(ctx, &me, request).await.unwrap().is_none() && under_way(ctx, &me, request).await.unwrap().is_none());
        save(ctx, &me, request, None, &good(ctx)).await.unwrap();
        let found = work(ctx, &me, request).await.unwrap().unwrap();
        let goes_to = [(Recipient::Person, By::Letter), (Recipient::Person, By::Email), (Recipient::Representative, By::Letter)];
        assert_eq!((found.goes_to, found.parts.len(), found.is_reviewed), (Ok(goes_to.to_vec()), 3, false));
        let shown = preview(ctx, &me, request).await.unwrap().unwrap();
        let to: Vec<_> = shown.letters.iter().map(|(to, letter)| (*to, letter.mail_to[0].as_str())).collect();
        assert_eq!(to, [(Recipient::Person, "Ana Ejemplo"), (Recipient::Representative, "Luz Abogada")]);
        assert!(shown.online.mail_to.is_empty());
        for stranger in [officer_at(ctx, 9, Role::Siio, "LIN"), officer(ctx, 9, Role::Tier1Agent)] {
            assert!(matches!(preview(ctx, &stranger, request).await, Err(Error::Refused)));
            assert!(matches!(under_way(ctx, &stranger, request).await, Err(Error::Refused)));
        }
        release(ctx, &me, request, 1).await.unwrap();
        let online = copy(ctx, &me, request, 1, None).await.unwrap().unwrap();
        let printed = copy(ctx, &me, request, 1, Some(Recipient::Person)).await.unwrap().unwrap();
        assert!(online == shown.online && printed == shown.letters[0].1, "what was shown is what went out");
        assert!(copy(ctx, &me, request, 2, None).await.unwrap().is_none());
        assert!(matches!(copy(ctx, &officer_at(ctx, 9, Role::Siio, "LIN"), request, 1, None).await, Err(Error::Refused)));
        assert_eq!((audited(ctx, "answer.open").await, audited(ctx, "answer.read").await), (2, 2));
    }
}
