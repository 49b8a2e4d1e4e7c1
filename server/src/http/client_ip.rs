//! The client's address: the peer's, or what trusted proxies say of it. One place, for limits, sessions and audit.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;
use domain::ClientIp;
use ipnet::IpNet;

use super::App;

/// Finds the client and puts it into the request; `None` for one who came past the proxy.
pub fn find(app: &App, request: &mut Request) -> Option<ClientIp> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    // Without a peer (there always is one) everybody shares one address, and so one limit.
    let peer = peer.unwrap_or(IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED));
    let is_proxy = app.settings.trusted_proxies.0.iter().any(|network| network.contains(&peer.to_canonical()));
    // Without a certificate the answer would go over an open wire, past the proxy that speaks TLS.
    if app.settings.tls_cert.is_none() && !is_proxy && !peer.to_canonical().is_loopback() {
        return None;
    }
    let client = ClientIp(client_of(peer, request.headers(), &app.settings.trusted_proxies.0));
    request.extensions_mut().insert(client);
    Some(client)
}

/// Goes through `X-Forwarded-For` from the right, the end that proxies write, and stops at the first address that is not a
/// trusted proxy. What stands left of it may be the client's own invention.
fn client_of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(&address.to_canonical()));
    let mut client = peer.to_canonical();
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = forwarded.flat_map(|value| value.split(',')).collect();
    for hop in hops.iter().rev() {
        if !is_trusted(&client) {
            break;
        }
        let Some(address) = parse(hop) else { break };
        client = address;
    }
    client
}

fn parse(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    hop.parse()
        .or_else(|_| hop.parse::<SocketAddr>().map(|address| address.ip()))
        .ok()
        .map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        client_of(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn the_header_is_believed_from_trusted_proxies_only_and_from_the_right() {
        assert_eq!(client("192.0.2.1", &["203.0.113.9"], &[]), "192.0.2.1");
        assert_eq!(client("10.0.0.1", &["203.0.113.9"], &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["1.1.1.1, 203.0.113.9"], &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["1.1.1.1", "203.0.113.9, 10.0.0.7"], &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["1.1.1.1, garbage"], &["10.0.0.0/8"]), "10.0.0.1");
        assert_eq!(client("::ffff:10.0.0.1", &["[2001:db8::1]:443"], &["10.0.0.0/8"]), "2001:db8::1");
        assert_eq!(client("10.0.0.1", &[], &["10.0.0.0/8"]), "10.0.0.1");
    }
}
