/**
 * An identity provider for tests: node end2end/oidc.mjs REDIRECT_URI...
 *
 * Listens on a free loopback port and prints its address. It is the certified `oidc-provider`; only its page to sign in is ours.
 * The client is `portico`, with the secret `a secret of tests`. Who signs in there types an account and chooses how:
 *   iio       officer at the NBC                   siio     supervisor at the NBC
 *   card      officer at the LIN, with a PIV card  nobody   somebody without a role
 *   nowhere   officer at an office that there is not
 * Roles are in the claim `roles`, which the provider gives at its userinfo endpoint.
 */

import { createServer } from "node:http";
import Provider from "oidc-provider";

const redirect_uris = process.argv.slice(2);
if (!redirect_uris.length) throw new Error("name the address that the browser is sent back to");

const ACCOUNTS = {
  iio: { name: "Iris Ibsen", roles: ["everybody", "portico-iio-nbc"] },
  siio: { name: "Silvia Sato", roles: ["portico-siio-nbc", "portico-iio-nbc"] },
  card: {
    name: "Carla Duran",
    roles: "portico-iio-lin",
    x509_subject: "CN=CARLA DURAN,OU=Invented,C=ZZ",
    x509_issuer: "CN=Invented CA,C=ZZ",
    x509_presented: true,
  },
  nobody: { name: "Noah Body", roles: ["everybody"] },
  nowhere: { name: "Nora Where", roles: ["portico-iio-zzz"] },
};

const server = createServer();
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{ client_id: "portico", client_secret: "a secret of tests", redirect_uris }],
  acrValues: ["aal1", "aal2"],
  scopes: ["openid", "profile", "roles", "x509"],
  claims: {
    openid: ["sub"],
    profile: ["name"],
    roles: ["roles"],
    x509: ["x509_subject", "x509_issuer", "x509_presented"],
    acr: null,
    auth_time: null,
  },
  cookies: { keys: ["for tests"] },
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  ttl: { Interaction: 600, Session: 3600, Grant: 3600, AccessToken: 300, IdToken: 300 },
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  findAccount: (_, id) => (Object.hasOwn(ACCOUNTS, id) ? { accountId: id, claims: () => ({ sub: id, ...ACCOUNTS[id] }) } : undefined),
  // Nobody is asked whether the agency may know its own people.
  async loadExistingGrant({ oidc }) {
    const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope("openid profile roles x509");
    await grant.save();
    return grant;
  },
});

const page = (uid) => `<!doctype html><html lang="en"><title>Agency sign-in</title><h1>Agency sign-in</h1>
<form method="post" action="/interaction/${uid}">
<label>Account <input name="account"></label>
<label>How <select name="acr"><option>aal2</option><option>aal1</option></select></label>
<button name="press" value="in">Sign in</button> <button name="press" value="no">Cancel</button></form>`;

async function form(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
}

async function interaction(request, response) {
  const { uid } = await provider.interactionDetails(request, response);
  if (request.method !== "POST") {
    response.setHeader("content-type", "text/html; charset=utf-8");
    return response.end(page(uid));
  }
  const { account, acr, press } = await form(request);
  const result = press === "in" ? { login: { accountId: account, acr } } : { error: "access_denied" };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const callback = provider.callback();
server.on("request", (request, response) => {
  if (!request.url.startsWith("/interaction/")) return callback(request, response);
  interaction(request, response).catch((error) => {
    response.statusCode = 400;
    response.end(error.message);
  });
});
console.log(`Identity provider at ${issuer}`);
