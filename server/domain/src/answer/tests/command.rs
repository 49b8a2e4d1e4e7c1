use shared::answer::{Command, CommandState};
use shared::api_client::Scope;

use super::*;

#[tokio::test]
async fn the_case_system_fetches_what_it_is_to_do_and_says_what_became_of_it() {
    for test in each().await {
        let ctx = &test.ctx;
        let (request, me) = (opened(ctx).await, officer(ctx, 7, Role::Iio));
        let machine = Actor::ApiClient { id: Uuid::nil(), scope: Scope::CaseFeed };
        let correct = Command::CorrectData { field: "given_name".into(), from: "Anna".into(), to: "Ana".into() };
        let empty = Command::ReissueNotice { notice: " ".into() };
        assert!(matches!(ask_case_system(ctx, &me, request, &empty).await, Err(Error::Unusable(_))));
        assert!(matches!(ask_case_system(ctx, &officer(ctx, 9, Role::Tier1Agent), request, &correct).await, Err(Error::Refused)));
        let first = ask_case_system(ctx, &me, request, &correct).await.unwrap().unwrap();
        let second = ask_case_system(ctx, &me, request, &Command::RemailCard).await.unwrap().unwrap();
        let page = commands_after(ctx, machine, 0).await.unwrap();
        assert_eq!((page.commands.len(), page.next, page.commands[0].command.clone()), (2, 2, correct));
        let states = async || commands(ctx, &me, request).await.unwrap().iter().map(|command| command.state).collect::<Vec<_>>();
        assert_eq!(states().await, [CommandState::Requested; 2], "reading is not taking over");
        assert!(commands_after(ctx, machine, page.next).await.unwrap().commands.is_empty());
        assert_eq!(states().await, [CommandState::Sent; 2]);
        for _ in 0..2 {
            assert_eq!(settle(ctx, machine, first, true, None).await.unwrap(), Settled::Noted);
        }
        assert_eq!(settle(ctx, machine, first, false, Some("no")).await.unwrap(), Settled::SaidOtherwise);
        assert_eq!(settle(ctx, machine, second, false, Some(" no card ")).await.unwrap(), Settled::Noted);
        assert_eq!(settle(ctx, machine, Uuid::nil(), true, None).await.unwrap(), Settled::NoSuchCommand);
        assert_eq!(states().await, [CommandState::Confirmed, CommandState::Refused]);
        let reason = commands(ctx, &me, request).await.unwrap()[1].reason.clone();
        assert_eq!(reason.map(|reason| reason.expose().clone()).as_deref(), Some("no card"));
        assert!(matches!(commands_after(ctx, Actor::Public, 0).await, Err(Error::Refused)));
        assert!(matches!(settle(ctx, Actor::Operator, first, true, None).await, Err(Error::Refused)));
        assert_eq!((audited(ctx, "command.request").await, audited(ctx, "command.settle").await), (2, 2));
    }
}
