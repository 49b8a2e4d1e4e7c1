//! The program itself, started as an operator starts it, asked over HTTP.

mod api;
mod backup;
mod commands;
mod layers;
mod look_up;
mod privacy;
mod running;
mod tls;
