//! `/follow/one-click-stop`: what a mail program sends when its reader presses its own "unsubscribe" (RFC 8058). It has neither
//! cookie nor page: the link's token alone proves that the reader got the message. A program that opens the address instead,
//! or looks whether it is good, changes nothing and is led to the page with the button.

use axum::Router;
use axum::extract::{DefaultBodyLimit, OriginalUri, Query, State};
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::post;
use serde::Deserialize;

use super::App;

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    link: String,
}

pub fn routes(app: &App) -> Router {
    let one_click = || post(one_click_stop).get(lead_to_page).layer(DefaultBodyLimit::max(16 * 1024));
    Router::new()
        .route("/follow/one-click-stop", one_click())
        .route("/es/follow/one-click-stop", one_click())
        .with_state(app.clone())
}

async fn lead_to_page(OriginalUri(uri): OriginalUri) -> Redirect {
    Redirect::to(&uri.to_string().replacen("/one-click-stop", "/stop", 1))
}

async fn one_click_stop(State(app): State<App>, Query(Link { link }): Query<Link>) -> StatusCode {
    match domain::notification::stop(&app.portal.domain, &link).await {
        Ok(true) => StatusCode::OK,
        Ok(false) => StatusCode::NOT_FOUND,
        Err(domain::Error::Unavailable) => StatusCode::SERVICE_UNAVAILABLE,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
