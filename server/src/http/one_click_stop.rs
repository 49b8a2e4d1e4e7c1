//! `POST /follow/one-click-stop`: what a mail program sends when its reader presses its own "unsubscribe" (RFC 8058). It has
//! neither cookie nor page: the link's token alone proves that the reader got the message.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::StatusCode;
use axum::routing::post;
use serde::Deserialize;

use super::App;

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    link: String,
}

pub fn routes(app: &App) -> Router {
    Router::new()
        .route("/follow/one-click-stop", post(one_click_stop).layer(DefaultBodyLimit::max(16 * 1024)))
        .with_state(app.clone())
}

async fn one_click_stop(State(app): State<App>, Query(Link { link }): Query<Link>) -> StatusCode {
    match domain::notification::stop(&app.portal.domain, &link).await {
        Ok(true) => StatusCode::OK,
        Ok(false) => StatusCode::NOT_FOUND,
        Err(domain::Error::Unavailable) => StatusCode::SERVICE_UNAVAILABLE,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
