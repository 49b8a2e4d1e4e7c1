use lopdf::{Document, dictionary};
use shared::answer::Delivery;
use store::answer as rows;

use super::*;

fn hash(byte: u8) -> [u8; 32] {
    [byte; 32]
}

#[tokio::test]
async fn letters_of_an_office_are_printed_together_and_acknowledged() {
    for test in each().await {
        let ctx = &test.ctx;
        with_representative(ctx, "").await;
        let request = opened(ctx).await;
        answered(ctx, request, &good(ctx)).await;
        let me = officer(ctx, 7, Role::Iio);
        let office = OfficeCode::parse("NBC").unwrap();
        assert!(matches!(begin_batch(ctx, &officer_at(ctx, 9, Role::Iio, "LIN"), &office).await, Err(Error::Refused)));
        let printing = begin_batch(ctx, &me, &office).await.unwrap().unwrap();
        let mut envelopes: Vec<_> = printing.letters.iter().map(|letter| letter.content.mail_to.clone()).collect();
        envelopes.sort();
        assert_eq!(envelopes[0], ["Ana Ejemplo", "1 Sample Street", "Springfield VA 22150-1234"]);
        assert_eq!(envelopes[1], ["Luz Abogada", "Abogados"]);
        assert!(begin_batch(ctx, &me, &office).await.unwrap().is_none(), "no letter is printed twice");
        let again = begin_batches(ctx, Actor::Operator).await.unwrap();
        assert_eq!(
            (again.len(), again[0].batch, again[0].letters.len()),
            (1, printing.batch, 2),
            "what was begun is handed out again"
        );
        let early = acknowledge(ctx, &me, printing.batch, 2).await;
        assert!(matches!(early, Err(Error::Unusable(_))), "it was never laid down");
        let letters: Vec<_> = printing.letters.iter().map(|letter| (letter.id, hash(1))).collect();
        laid_down(ctx, Actor::Operator, printing.batch, "{}", &hash(2), &letters).await.unwrap();
        assert!(begin_batches(ctx, Actor::Operator).await.unwrap().is_empty());
        assert_eq!(open_batches(ctx, Actor::Operator).await.unwrap().len(), 1, "nobody has acknowledged it");
        let missing = acknowledge(ctx, &me, printing.batch, 1).await.unwrap_err().to_string();
        assert!(missing.contains("has 2 letters, not 1"), "{missing}");
        assert!(matches!(acknowledge(ctx, &officer_at(ctx, 9, Role::Iio, "LIN"), printing.batch, 2).await, Err(Error::Refused)));
        acknowledge(ctx, &me, printing.batch, 2).await.unwrap();
        assert!(open_batches(ctx, Actor::Operator).await.unwrap().is_empty());
        assert!(acknowledge_as_operator(ctx, Actor::Operator, printing.batch, 2).await.is_err(), "once");
        let mut connection = ctx.store.read_primary().await.unwrap();
        let printed = rows::of_batch(&mut connection, printing.batch).await.unwrap();
        assert!(printed.iter().all(|letter| letter.state == Delivery::Acknowledged && letter.pdf_sha256 == Some(hash(1).to_vec())));
        assert!(matches!(begin_batches(ctx, Actor::Public).await, Err(Error::Refused)));
    }
}

#[tokio::test]
async fn an_officer_fetches_the_letters_of_their_office_until_they_are_acknowledged() {
    for test in each().await {
        let ctx = &test.ctx;
        let (request, me) = (opened(ctx).await, officer(ctx, 7, Role::Iio));
        let (office, stranger) = (OfficeCode::parse("NBC").unwrap(), officer_at(ctx, 9, Role::Siio, "LIN"));
        assert_eq!(letters_waiting(ctx, &me, &office).await.unwrap().letters, 0);
        answered(ctx, request, &good(ctx)).await;
        let waiting = letters_waiting(ctx, &me, &office).await.unwrap();
        assert_eq!((waiting.letters, waiting.requests), (1, vec![request]));
        let printing = begin_batch(ctx, &me, &office).await.unwrap().unwrap();
        assert_eq!(letters_waiting(ctx, &me, &office).await.unwrap().letters, 0);
        assert_eq!(batches(ctx, &me, &office).await.unwrap().len(), 1);
        assert!(matches!(batches(ctx, &stranger, &office).await, Err(Error::Refused)));
        assert!(matches!(letters_waiting(ctx, &stranger, &office).await, Err(Error::Refused)));
        let letters: Vec<_> = printing.letters.iter().map(|letter| (letter.id, hash(1))).collect();
        for _ in 0..2 {
            let (batch, again) = batch_at_hand(ctx, &me, printing.batch).await.unwrap().unwrap();
            assert_eq!((batch.letters, again.letters[0].id), (1, printing.letters[0].id), "as often as it is needed");
        }
        assert!(matches!(batch_at_hand(ctx, &stranger, printing.batch).await, Err(Error::Refused)));
        let by_stranger = handed_out(ctx, &stranger, printing.batch, "{}", &hash(2), &letters).await;
        assert!(matches!(by_stranger, Err(Error::Refused)));
        handed_out(ctx, &me, printing.batch, "{}", &hash(2), &letters).await.unwrap();
        acknowledge(ctx, &me, printing.batch, 1).await.unwrap();
        assert!(batch_at_hand(ctx, &me, printing.batch).await.unwrap().is_none(), "what was mailed is not printed again");
        assert!(batches(ctx, &me, &office).await.unwrap().is_empty());
        assert_eq!((audited(ctx, "answer.fetch_letters").await, audited(ctx, "answer.lay_down").await), (2, 1));
    }
}

/// A document of so many pages, whose size stands above them.
fn pdf(pages: usize, width: i64) -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    let root = document.new_object_id();
    let kids: Vec<lopdf::Object> =
        (0..pages).map(|_| document.add_object(dictionary! { "Type" => "Page", "Parent" => root }).into()).collect();
    let count = i64::try_from(pages).unwrap();
    let tree = dictionary! {
        "Type" => "Pages", "Kids" => kids, "Count" => count,
        "MediaBox" => vec![0.into(), 0.into(), width.into(), 792.into()],
    };
    document.objects.insert(root, tree.into());
    let catalog =
        document.add_object(dictionary! { "Type" => "Catalog", "Pages" => root, "Lang" => lopdf::Object::string_literal("es") });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn several_documents_become_one_with_all_pages_in_their_order() {
    let (bytes, pages) = one_document(&[pdf(2, 612), pdf(1, 500)]).unwrap();
    assert_eq!(pages, [2, 1]);
    let merged = Document::load_mem(&bytes).unwrap();
    let widths: Vec<i64> = merged
        .get_pages()
        .into_values()
        .map(|page| merged.get_dictionary(page).unwrap().get(b"MediaBox").unwrap().as_array().unwrap()[2].as_i64().unwrap())
        .collect();
    assert_eq!(widths, [612, 612, 500]);
    assert_eq!(one_document(&[pdf(2, 612), pdf(1, 500)]).unwrap().0, bytes, "the same documents, the same bytes");
    assert!(one_document(&[b"no document".to_vec()]).is_err());
}
