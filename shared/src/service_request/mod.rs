//! Service requests: what somebody asks the agency to look into, however it came in.

mod category;
mod target;

pub use category::{RedirectReason, RequestKind, RoutingReason, Source};
pub use target::{Count, Target};
