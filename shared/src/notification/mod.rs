//! Following a case: what a person gives to be told when it changes.

mod follow;

pub use follow::{FollowField, FollowForm, FollowProblem, FollowRequest};
