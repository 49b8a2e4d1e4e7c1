//! Whether this process lives, and whether it can work.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

use super::App;

pub fn routes(app: &App) -> Router {
    Router::new().route("/health/live", get(async || "live\n")).route("/health/ready", get(ready)).with_state(app.clone())
}

/// Ready: the database answers. That the carrier is silent is said beside it: it is no reason to send people away.
async fn ready(State(app): State<App>) -> (StatusCode, String) {
    let ctx = &app.portal.domain;
    if ctx.check_database().await.is_err() {
        return (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n".into());
    }
    let hours = app.settings.usps_quiet_hours;
    if app.settings.usps_drop.is_some() && domain::delivery_tracking::is_quiet(ctx, hours) {
        return (StatusCode::OK, format!("ready\nno extract of the carrier came in for {hours} hours\n"));
    }
    (StatusCode::OK, "ready\n".into())
}
