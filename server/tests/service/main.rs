//! The program itself, started as an operator starts it, asked over HTTP.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops at the first surprise")]

mod accounts;
mod answers;
mod api;
mod audit;
mod backup;
mod biometrics;
mod change_of_address;
mod clients;
mod commands;
mod console;
mod console_at_once;
mod console_gates;
mod console_oidc;
mod controls;
mod delivery;
mod documents;
mod e_request;
mod following;
mod layers;
mod live;
mod look_up;
mod mailbox;
mod operations;
mod packages;
mod privacy;
mod running;
mod surfaces;
mod tls;
mod waiting;
mod webhooks;
