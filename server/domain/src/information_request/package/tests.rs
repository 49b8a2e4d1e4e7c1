//! Packages that are whole, and every way in which one is not.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeZone, Utc};
use proptest::prelude::*;
use shared::document::DocumentKind;
use store::crypto::hpke::RecipientSecret;
use store::crypto::{PackageKey, sha256};
use uuid::Uuid;

use super::*;

/// More than a part.
fn large(byte: u8) -> Vec<u8> {
    vec![byte; PART + 1]
}

fn key_from(first: u8) -> [u8; 32] {
    std::array::from_fn(|at| first + u8::try_from(at).unwrap())
}

fn ours() -> PackageKey {
    PackageKey::of_bytes(&key_from(65)).unwrap()
}

fn obim() -> RecipientSecret {
    RecipientSecret::of_bytes(&key_from(1)).unwrap()
}

fn at() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 22, 10, 0, 0).unwrap()
}

fn entry(name: &str, kind: EntryKind, content: &[u8]) -> Entry {
    Entry { name: EntryName::parse(name).unwrap(), kind, sha256: sha256(content), bytes: content.len() as u64 }
}

/// The request, the reply, and these documents.
fn contents(documents: &[&[u8]]) -> Vec<Vec<u8>> {
    let begun = [br#"{"asked":true}"#.to_vec(), br#"{"answered":true}"#.to_vec()];
    begun.into_iter().chain(documents.iter().map(|content| content.to_vec())).collect()
}

fn entries(contents: &[Vec<u8>]) -> Vec<Entry> {
    let named = |(number, content): (usize, &Vec<u8>)| match number {
        0 => entry("request.json", EntryKind::Request, content),
        1 => entry("reply.json", EntryKind::Reply, content),
        _ => entry(&format!("document-{}.pdf", number - 1), EntryKind::Document(DocumentKind::Pdf), content),
    };
    contents.iter().enumerate().map(named).collect()
}

fn manifest(contents: &[Vec<u8>]) -> Manifest {
    let package = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
    Manifest::new(package, at(), entries(contents)).unwrap()
}

fn sealed(contents: &[Vec<u8>]) -> Vec<u8> {
    let mut sealing = Sealing::begin(manifest(contents), &ours(), obim().public(), Vec::new()).unwrap();
    for content in contents {
        sealing = sealing.add(content.as_slice()).unwrap();
    }
    let sealed = sealing.finish().unwrap();
    assert_eq!((sealed.bytes, sealed.sha256), (sealed.output.len() as u64, sha256(&sealed.output)));
    sealed.output
}

fn opened(package: &[u8]) -> Result<Vec<Vec<u8>>, OpenError> {
    opened_by(package, &obim(), ours().public())
}

fn opened_by(package: &[u8], recipient: &RecipientSecret, sender: &SenderKey) -> Result<Vec<Vec<u8>>, OpenError> {
    let mut opening = Opening::begin(package, recipient, sender)?;
    let mut contents = Vec::new();
    loop {
        let mut content = Vec::new();
        if opening.next(&mut content)?.is_none() {
            return Ok(contents);
        }
        contents.push(content);
    }
}

/// What somebody makes who has OBIM's public key, as everybody may: a true seal around bytes of theirs.
fn forged(sender: &SenderKey, plain: &[u8]) -> Vec<u8> {
    let head = header(plain.len() as u64, sender, obim().public());
    let (travels, mut sealing) = obim().public().seal(&head).unwrap();
    let mut package = [head.as_slice(), &travels].concat();
    for part in plain.chunks(PART) {
        let mut part = part.to_vec();
        sealing.seal(&[], &mut part).unwrap();
        package.extend(part);
    }
    package
}

/// A manifest, a signature over it and what it was sealed with, and contents.
fn plain(canonical: &[u8], key: &PackageKey, contents: &[Vec<u8>]) -> Vec<u8> {
    let contents = contents.concat();
    let length = (4 + canonical.len() + SIGNATURE + contents.len()) as u64;
    let head = header(length, ours().public(), obim().public());
    let signature = key.sign(&[head.as_slice(), canonical].concat()).unwrap();
    let written = u32::try_from(canonical.len()).unwrap().to_be_bytes();
    [written.as_slice(), canonical, &signature, &contents].concat()
}

#[test]
fn what_was_sealed_is_opened_and_nothing_of_it_stands_in_the_clear() {
    let contents = contents(&[b"%PDF of nobody".as_slice(), &large(7).repeat(3), b""]);
    let package = sealed(&contents);
    let mut opening = Opening::begin(package.as_slice(), &obim(), ours().public()).unwrap();
    assert_eq!(opening.manifest(), &manifest(&contents));
    assert_eq!(opening.next(&mut Vec::new()).unwrap().unwrap().kind, EntryKind::Request);
    assert_eq!(opened(&package).unwrap(), contents);
    for clear in [b"nobody".as_slice(), b"asked", b"request", b"01890a5d"] {
        assert!(!package.windows(clear.len()).any(|window| window == clear));
    }
    assert!(sealed(&contents) != package, "each has a key of its own");
}

#[test]
fn a_package_that_another_implementation_made_by_the_documented_format_opens() {
    // Made in Python with OpenSSL from docs/packages.md.
    let package = STANDARD.decode(
        "UE9SVElDTy1QQUNLQUdFAQAAAAAAAAJOuoES+kuj1vk0sq0qoGlmAj1W4e6wstW3S13W7BUrppBCaYiUMeMTGWb8r2pFcUGUPtLDW1uReuYsszlU\
         b1I1UQQfFAFGv7GyUfhPTdvg1M3P13r9mEqVIONXlAIfgxK7nuyZWgix+ncE3z3MC1CpZlJj+3cR+V+fikScUJbkfIkr4JtZvm4Hsi8wdl+oQEqu\
         aDLooaUNPreBN5guzYljHJEJF6hC+0H7o9c9g6xHfm2NF3xoCdLmwFXHEF5Ld6OzLTyWpmXJpmkBhLi/+iLd8i5WbHBeU/NQMcYgRtdeZmvRwUwt\
         tb6HXrrATz8PM62JES83GGKS/ifp50M+OkMcGmpoItK+PtQ0HCifoeYOtthr0NVfm7R29Cb9DyfpUc+O4AzmjJGAKk0MjN3D05afopUXRWUEVebF\
         7xY/rmMbqFNqtFtmnFQpdCCPJxWwpWO5Vs8QmBi5f2hC1dwNnf/ntjhyDZ3KicEsDtxL7bBRztuksvW+B1gRiXllLV9OYozj7wGwUp3o7uIaPEjs\
         r4Bu8Z5KpIJgWn1S2XTWjOwbl97nKOgjRfPmscIladt4J76HEAKt2L6X0QfVBIcU2TeK9osqW6dJwB7L/LfRWlpXi/pb2M/QLoxoYX6olycHZAhc\
         L55kJj3xqNw5xeYDI4IfKonyj+N13kabpK/8a9iZ3T8XWvDmUJ9/9H2aKeAe43coPXbs67a2DIsnjV9Wm5fs5Pzt7SG1PPvVkkiFuqwfYFdzuffd\
         tqBZjj24t2P92T0TyYSTaqrUhfkMWPlsfWR33Bo+wLhDsgIlyfSem1TN9nEeu+mErSYi4RQVmB3CZFALyJLedIK0Xcu1JJLwWJT/O4HXYeAGJPmw\
         FJaOrsSgC27/YoHIZY+uJWJfpadsSO7hs4Og0hwBVJjsGKqEfAd3EgD8ZXabcd7EbEX2LY4LRwZIOVoK7SGFrlatLV07D4IHjxviB+MMOgSYtyEr\
         nQjN",
    );
    let contents = contents(&[b"%PDF-1.7 of nobody"]);
    assert_eq!(opened(&package.unwrap()).unwrap(), contents);
    assert_eq!(
        String::from_utf8(manifest(&contents).canonical().unwrap()).unwrap(),
        "{\"package\":\"01890a5d-ac96-774b-bcce-b302099a8057\",\"made_at\":\"2026-11-22T10:00:00Z\",\"entries\":[\
         {\"name\":\"request.json\",\"kind\":\"request\",\"sha256\":\
         \"96f494e20114abc46a352996d04361b9afa25de73024dbbe19a97de8c8f77b4a\",\"bytes\":14},\
         {\"name\":\"reply.json\",\"kind\":\"reply\",\"sha256\":\
         \"c59eb14693094a0afcafbe5acfae98de9cd458fe30b8862cd06625a56395c094\",\"bytes\":17},\
         {\"name\":\"document-1.pdf\",\"kind\":\"pdf\",\"sha256\":\
         \"6595010dd58c676822ab81bd1863d11dfc7f99bb02babd5ea6e53419ce172c88\",\"bytes\":18}]}"
    );
}

#[test]
fn a_package_that_is_cut_off_anywhere_or_goes_on_says_so() {
    let package = sealed(&contents(&[large(7).as_slice(), b"last"]));
    let parts = HEADER + 65;
    for end in [0, 1, HEADER - 1, HEADER, parts - 1, parts, parts + 1, parts + PART + 16, parts + PART + 17, package.len() - 1] {
        assert_eq!(opened(&package[..end]), Err(OpenError::Truncated), "{end}");
    }
    assert_eq!(opened(&[package.as_slice(), b"x"].concat()), Err(OpenError::TooLong));
    assert_eq!(opened(&package.repeat(2)), Err(OpenError::TooLong));
}

#[test]
fn parts_in_another_order_or_of_another_package_are_noticed() {
    let contents = contents(&[large(7).repeat(3).as_slice()]);
    let (package, other) = (sealed(&contents), sealed(&contents));
    let part = |number: usize| HEADER + 65 + number * (PART + 16)..HEADER + 65 + (number + 1) * (PART + 16);
    let mut swapped = package.clone();
    swapped[part(1)].copy_from_slice(&package[part(2)]);
    swapped[part(2)].copy_from_slice(&package[part(1)]);
    assert_eq!(opened(&swapped), Err(OpenError::Changed));
    let mut repeated = package.clone();
    repeated[part(2)].copy_from_slice(&package[part(1)]);
    assert_eq!(opened(&repeated), Err(OpenError::Changed));
    let mut mixed = package;
    mixed[part(1)].copy_from_slice(&other[part(1)]);
    assert_eq!(opened(&mixed), Err(OpenError::Changed));
}

#[test]
fn another_key_and_another_signature_are_told_apart() {
    let contents = contents(&[b"document"]);
    let package = sealed(&contents);
    let other = PackageKey::of_bytes(&key_from(2)).unwrap();
    let somebody = RecipientSecret::of_bytes(&key_from(3)).unwrap();
    assert_eq!(opened_by(&package, &somebody, ours().public()), Err(OpenError::OtherRecipient));
    assert_eq!(opened_by(&package, &obim(), other.public()), Err(OpenError::OtherSender));
    assert_eq!(
        opened(b"PORTICO-PACKAGE\x02 of a later version, which is long enough to have a header of eighty-eight bytes"),
        Err(OpenError::NoPackage)
    );

    let canonical = manifest(&contents).canonical().unwrap();
    assert_eq!(opened(&forged(ours().public(), &plain(&canonical, &ours(), &contents))), Ok(contents.clone()), "forged as it is");
    assert_eq!(opened(&forged(ours().public(), &plain(&canonical, &other, &contents))), Err(OpenError::Forged));
    // A true package, sealed anew for somebody else: its signature says for whom it was.
    let stolen = plain(&canonical, &ours(), &contents);
    let head = header(stolen.len() as u64, ours().public(), somebody.public());
    let (travels, mut sealing) = somebody.public().seal(&head).unwrap();
    let mut part = stolen;
    sealing.seal(&[], &mut part).unwrap();
    let package = [head.as_slice(), &travels, &part].concat();
    assert_eq!(opened_by(&package, &somebody, ours().public()), Err(OpenError::Forged));
}

#[test]
fn a_document_in_anothers_place_is_named() {
    let contents = contents(&[b"document one", b"document two"]);
    let canonical = manifest(&contents).canonical().unwrap();
    let mut swapped = contents.clone();
    swapped.swap(2, 3);
    assert_eq!(opened(&forged(ours().public(), &plain(&canonical, &ours(), &swapped))), Err(OpenError::OtherContent(2)));
    let mut changed = contents.clone();
    changed[3][0] ^= 1;
    assert_eq!(opened(&forged(ours().public(), &plain(&canonical, &ours(), &changed))), Err(OpenError::OtherContent(3)));
    let mut short = contents;
    short[3].pop();
    let malformed = Err(OpenError::Manifest(ManifestError::Malformed));
    assert_eq!(opened(&forged(ours().public(), &plain(&canonical, &ours(), &short))), malformed, "the lengths do not agree");
}

#[test]
fn what_is_signed_and_no_manifest_is_refused() {
    let contents = contents(&[]);
    let canonical = String::from_utf8(manifest(&contents).canonical().unwrap()).unwrap();
    let malformed = Err(OpenError::Manifest(ManifestError::Malformed));
    for (text, expected) in [
        (String::new(), malformed.clone()),
        (canonical.replace(',', ", "), malformed.clone()),
        (canonical.replace("request.json", "../request"), malformed.clone()),
        (canonical.replace("\"reply\"", "\"film\""), malformed.clone()),
        (canonical.replace("10:00:00Z", "10:00:00+00:00"), malformed.clone()),
        (canonical.replace("\"reply\"", "\"request\""), Err(OpenError::Manifest(ManifestError::Order))),
        (canonical.replace("reply.json", "request.json"), Err(OpenError::Manifest(ManifestError::SameName))),
        (" ".repeat(65 * 1024), malformed.clone()),
    ] {
        assert_eq!(opened(&forged(ours().public(), &plain(text.as_bytes(), &ours(), &contents))), expected, "{text}");
    }
    // Anybody can make a seal around anything.
    for plain in [b"".as_slice(), b"\0", b"\0\0\0\0", &[0xFF; 100], &[0; 200]] {
        assert!(opened(&forged(ours().public(), plain)).is_err());
    }
}

#[test]
fn a_manifest_begins_with_a_request_and_a_reply() {
    let package = Uuid::from_u128(1);
    let (request, reply) = (entry("a", EntryKind::Request, b""), entry("b", EntryKind::Reply, b""));
    let document = |number: usize| entry(&format!("d{number}"), EntryKind::Document(DocumentKind::Png), b"");
    let made = |entries: &[Entry]| Manifest::new(package, at(), entries.to_vec()).map(|_| ());
    assert_eq!(made(&[request.clone(), reply.clone(), document(1)]), Ok(()));
    for wrong in [
        vec![],
        vec![request.clone()],
        vec![reply.clone(), request.clone()],
        vec![request.clone(), document(1), reply.clone()],
        vec![request.clone(), reply.clone(), entry("c", EntryKind::Reply, b"")],
    ] {
        assert_eq!(made(&wrong), Err(ManifestError::Order));
    }
    assert_eq!(made(&[request.clone(), reply.clone(), document(1), document(1)]), Err(ManifestError::SameName));
    let many = |most: usize| [request.clone(), reply.clone()].into_iter().chain((0..most).map(document)).collect::<Vec<_>>();
    assert_eq!(made(&many(MOST_DOCUMENTS)), Ok(()));
    assert_eq!(made(&many(MOST_DOCUMENTS + 1)), Err(ManifestError::TooMany));
    for name in ["", ".hidden", "-rf", "a/b", "a\\b", "..", "ñ", "a b", &"a".repeat(101)] {
        assert!(EntryName::parse(name).is_none(), "{name}");
    }
    for kind in [EntryKind::Request, EntryKind::Reply].into_iter().chain(DocumentKind::ALL.map(EntryKind::Document)) {
        assert_eq!(EntryKind::from_key(kind.key()), Some(kind));
    }
}

#[test]
fn what_is_not_what_was_reviewed_is_not_sealed() {
    let contents = contents(&[b"document"]);
    let begin = || Sealing::begin(manifest(&contents), &ours(), obim().public(), Vec::new()).unwrap();
    let begun = || contents[..2].iter().fold(begin(), |sealing, content| sealing.add(content.as_slice()).unwrap());
    for other in [b"documenu".as_slice(), b"documen", b"documents", b""] {
        assert!(matches!(begun().add(other), Err(SealError::Changed(2))), "{other:?}");
    }
    assert!(matches!(begun().finish(), Err(SealError::Missing(2))));
    let whole = begun().add(b"document".as_slice()).unwrap();
    assert!(matches!(whole.add(b"more".as_slice()), Err(SealError::TooMany(3))));
}

#[test]
fn the_output_can_be_taken_away_while_it_is_written() {
    let contents = contents(&[large(7).as_slice(), &large(8)]);
    let mut sealing = Sealing::begin(manifest(&contents), &ours(), obim().public(), Vec::new()).unwrap();
    let mut package = Vec::new();
    for content in &contents {
        sealing = sealing.add(content.as_slice()).unwrap();
        package.append(sealing.output_mut());
    }
    let sealed = sealing.finish().unwrap();
    package.extend(&sealed.output);
    assert_eq!((sealed.bytes, sealed.sha256), (package.len() as u64, sha256(&package)));
    assert_eq!(opened(&package).unwrap(), contents);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn documents_of_any_size_come_back(sizes in prop::collection::vec((0..3_usize, 0..3_usize, any::<u8>()), 0..4)) {
        // Around the ends of parts, where something could be lost.
        let size = |parts: usize, more: usize| (parts * PART + more).saturating_sub(1);
        let documents: Vec<Vec<u8>> = sizes.iter().map(|(parts, more, byte)| vec![*byte; size(*parts, *more)]).collect();
        let documents: Vec<&[u8]> = documents.iter().map(Vec::as_slice).collect();
        let contents = contents(&documents);
        prop_assert!(opened(&sealed(&contents)) == Ok(contents));
    }

    #[test]
    fn any_bit_that_is_turned_is_noticed(at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let mut package = sealed(&contents(&[b"a document"]));
        let at = at.index(package.len());
        package[at] ^= 1 << bit;
        prop_assert!(opened(&package).is_err(), "{at}");
    }

    #[test]
    fn any_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), is_begun in any::<bool>()) {
        let head = header(bytes.len() as u64, ours().public(), obim().public());
        let package = if is_begun { [head.as_slice(), &bytes].concat() } else { bytes };
        prop_assert!(opened(&package).is_err());
    }
}

#[test]
fn no_byte_of_a_package_may_be_another() {
    let package = sealed(&contents(&[b"a document"]));
    for at in 0..package.len() {
        let mut changed = package.clone();
        changed[at] ^= 0x20;
        assert!(opened(&changed).is_err(), "{at}");
    }
}
