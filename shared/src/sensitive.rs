//! Values about a person that must never reach a log, an error or a metric.

use std::fmt;

/// Personal data. `Debug` prints a marker instead of the value and there is no `Display`: whoever needs the value says so
/// with [`Sensitive::expose`].
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Sensitive<T>(T);

impl<T> Sensitive<T> {
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. Every call is a place to ask: where does it go from here?
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[sensitive]")
    }
}

#[cfg(test)]
mod tests {
    use super::Sensitive;

    #[test]
    fn debug_output_does_not_hold_the_value() {
        assert_eq!(format!("{:?}", Some(Sensitive::new("Ana"))), "Some([sensitive])");
    }
}
