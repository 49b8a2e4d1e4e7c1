//! Randomness: the one place it comes from.

/// Bytes from the operating system's generator.
///
/// # Panics
/// Without a source of randomness nothing here can be kept secret: the process ends.
#[expect(clippy::disallowed_methods, clippy::expect_used, reason = "this is the one place; there is no safe way to go on")]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
