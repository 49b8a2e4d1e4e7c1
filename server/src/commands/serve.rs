//! `portico serve`.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use app::console::ConsoleContext;
use app::context::{Bundle, PortalContext};
use app::portal::site::{DemoReceipt, SiteInfo};
use serde::Deserialize;

use super::webhook::reach;
use super::{Failure, open, open_with_partner_data, with_file};
use crate::document::Documents;
use crate::settings::{SettingError, Settings, Surface};
use crate::{checkpoints, http, ident, jobs, outbox, seed, usps_drop};

/// What the bundler wrote about the site.
#[derive(Deserialize)]
struct Manifest {
    portal: Bundle,
    console: Bundle,
}

pub async fn run(settings: Settings) -> Result<(), Failure> {
    if let Some(problem) = settings.problems().into_iter().next() {
        return Err(problem.into());
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let bundles = read_manifest(&settings.site)?;
    // What the public reaches opens no partner data.
    let is_console = settings.offers(Surface::Console);
    let ctx = if is_console { open_with_partner_data(&settings).await? } else { open(&settings).await? };
    let documents = Documents::open(&settings)?;
    let is_demo = is_demo(&ctx, &settings).await?;
    let listener = TcpListener::bind(settings.listen).map_err(|error| SettingError {
        name: "PORTICO_LISTEN",
        problem: format!("{} cannot be listened on: {error}", settings.listen),
    })?;
    listener.set_nonblocking(true).map_err(|error| Failure::Input(error.to_string()))?;
    let address = listener.local_addr().map_err(|error| Failure::Input(error.to_string()))?;

    if let Some(listen) = settings.metrics_listen {
        let metrics_error = |problem: String| SettingError { name: "PORTICO_METRICS_LISTEN", problem };
        let recorder = http::recorder().map_err(|error| metrics_error(error.to_string()))?;
        let address = http::serve_metrics(listen, recorder).await.map_err(|error| metrics_error(error.to_string()))?;
        println!("Metrics at http://{address}/metrics");
    }
    let settings = Arc::new(settings);
    let site = Arc::new(site(&settings, is_demo));
    let sending = outbox::start(&ctx, &settings, &site, reach(&ctx).await?)?;
    jobs::start(&ctx, &settings, &documents);
    checkpoints::start(&ctx, &settings)?;
    usps_drop::watch(&ctx, &settings);
    ident::start(&ctx, &settings)?;
    if settings.offers(Surface::Console) {
        jobs::follow(&ctx);
    }
    let api = settings.offers(Surface::Api).then(http::openapi::for_the_page).transpose();
    let oidc = settings.oidc()?;
    let console = ConsoleContext {
        domain: ctx.clone(),
        bundle: bundles.console,
        site: Arc::clone(&site),
        use_notice: settings.use_notice.0.clone(),
        has_provider: oidc.is_some(),
        secure_cookies: settings.public_url.is_https,
    };
    let portal = PortalContext {
        domain: ctx.clone(),
        bundle: bundles.portal,
        site,
        api: api.map_err(|error| Failure::Input(format!("The API document cannot be read: {error}")))?,
        public_url: settings.public_url.origin().into(),
        secure_cookies: settings.public_url.is_https,
    };
    let app =
        http::App::new(Arc::new(portal), Arc::new(console), Arc::clone(&settings), documents, oidc, ident::connect(&settings)?);
    // With port 0 the public address cannot be known before; on loopback the printed one works.
    let shown = if settings.is_loopback() {
        format!("http://localhost:{}", address.port())
    } else {
        settings.public_url.origin().to_owned()
    };
    println!("Portico serves {shown}");
    http::serve(listener, &settings, http::router(&app))
        .await
        .map_err(|error| Failure::Input(format!("The server stopped: {error}")))?;
    sending.finish().await;
    // What was counted in the last second is saved before the database closes.
    domain::case_status::save_failures(&ctx).await?;
    ctx.store.close().await;
    Ok(())
}

/// Whether a demo is in the database: then nobody but this machine is served.
async fn is_demo(ctx: &domain::Context, settings: &Settings) -> Result<bool, Failure> {
    let mut connection = ctx.store.read_primary().await?;
    let is_demo = store::installation::demo_day(&mut connection).await?.is_some();
    let has_demo_accounts = store::identity::account::any_demo(&mut connection).await?;
    drop(connection);
    if has_demo_accounts && !settings.is_loopback() {
        return Err(Failure::Input(
            "This database holds accounts of the demo, whose passwords everybody knows. It is served on loopback only: serve \
             another database here."
                .into(),
        ));
    }
    if is_demo && !settings.is_loopback() {
        return Err(Failure::Input(
            "This database holds a demo's synthetic people. It is served on loopback only: serve another database here.".into(),
        ));
    }
    Ok(is_demo)
}

fn read_manifest(site: &Path) -> Result<Manifest, Failure> {
    let file = site.join("manifest.json");
    let missing =
        |_| Failure::Input(format!("{} is missing: build the site with `make build`, or set PORTICO_SITE.", file.display()));
    let text = std::fs::read_to_string(&file).map_err(missing)?;
    let broken = |error: serde_json::Error| std::io::Error::other(error.to_string());
    serde_json::from_str(&text).map_err(broken).map_err(with_file(&file))
}

pub(super) fn site(settings: &Settings, is_demo: bool) -> SiteInfo {
    // The first show every stage, and are not so close together that trying all of them looks like a walk along numbers.
    let examples = seed::EXAMPLES.iter().take(12).map(|example| DemoReceipt {
        receipt_number: example.receipt_number.into(),
        note_en: example.note_en.into(),
        note_es: example.note_es.into(),
    });
    SiteInfo {
        agency_en: settings.agency_name_en.clone(),
        agency_es: settings.agency_name_es.clone(),
        telephone: settings.telephone.clone(),
        tty: settings.tty.clone(),
        accessibility_email: settings.email.clone(),
        records_notices: settings.records_notices.0.clone(),
        records_center: settings.records_center.0.clone(),
        outage: settings.outage_en.clone().zip(settings.outage_es.clone()),
        sends_mail: settings.smtp_url.is_some(),
        api: settings.offers(Surface::Api),
        demo: is_demo,
        demo_receipts: if is_demo { examples.collect() } else { Arc::default() },
    }
}
