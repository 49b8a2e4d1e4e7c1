//! Service requests: what somebody asks the agency to look into, however it came in.

mod category;

pub use category::{RedirectReason, RequestKind, RoutingReason, Source};
