use shared::answer::{Place, Rule, Template, TemplateError, TemplateUse};

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
