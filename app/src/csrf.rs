//! The token that proves that a form or a call comes from a page of this session.
//!
//! A plain form carries it in a hidden field; a scripted call sends it as a header, read from the page's `<meta>`.

use bytes::Bytes;
use futures::{Sink, Stream};
use leptos::prelude::*;
use leptos::server_fn::client::Client;
use leptos::server_fn::client::browser::BrowserClient;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::request::browser::BrowserRequest;
use leptos::server_fn::response::ClientRes;
use leptos::server_fn::response::browser::BrowserResponse;

/// The header of scripted calls.
pub const HEADER: &str = "x-csrf";
/// The hidden field of plain forms, and the name of the page's `<meta>`.
pub const FIELD: &str = "csrf";

/// Why a call failed that the server did not let in.
const REFUSED: &str = "refused";
const FORBIDDEN: u16 = 403;

/// Sends a server function's call with the page's token: `#[server(.., client = crate::csrf::Csrf)]`.
#[derive(Debug)]
pub struct Csrf;

impl<E: FromServerFnError, I: FromServerFnError, O: FromServerFnError> Client<E, I, O> for Csrf {
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    fn send(request: BrowserRequest) -> impl Future<Output = Result<BrowserResponse, E>> + Send {
        request.headers().set(HEADER, &token());
        let sent = <BrowserClient as Client<E, I, O>>::send(request);
        async move {
            let response = sent.await?;
            if ClientRes::<E>::status(&response) == FORBIDDEN {
                return Err(E::from_server_fn_error(ServerFnErrorErr::MiddlewareError(REFUSED.to_owned())));
            }
            Ok(response)
        }
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<(impl Stream<Item = Result<Bytes, Bytes>> + Send + 'static, impl Sink<Bytes> + Send + 'static), E>,
    > + Send {
        <BrowserClient as Client<E, I, O>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<E, I, O>>::spawn(future);
    }
}

/// Whether the server did not let the call in: the page was open too long, or its browser keeps no cookies.
pub fn is_refusal(error: &ServerFnError) -> bool {
    matches!(error, ServerFnError::MiddlewareError(reason) if reason == REFUSED)
}

/// The hidden field of a form.
#[component]
pub fn CsrfField() -> impl IntoView {
    view! { <input type="hidden" name=FIELD value=token()/> }
}

/// The token of an officer's session, or of the way into one; given by the console's layer.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone)]
pub struct Token(pub String);

/// The token of this request's session.
#[cfg(feature = "ssr")]
pub fn token() -> String {
    if let Some(Token(token)) = use_context() {
        return token;
    }
    crate::context::Request::current().map(|request| request.session.csrf_token(&request.portal.domain)).unwrap_or_default()
}

/// The token that the server wrote into this page.
#[cfg(not(feature = "ssr"))]
pub fn token() -> String {
    let meta = document().query_selector("meta[name=csrf]").ok().flatten();
    meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_default()
}
