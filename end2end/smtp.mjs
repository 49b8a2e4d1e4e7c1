/**
 * A mail server for tests: node end2end/smtp.mjs FOLDER [--key FILE --cert FILE] [--user NAME --password PASSWORD]
 *
 * Listens on a free loopback port and prints its address. Each mail that it has taken is one file in FOLDER, named in the
 * order of arrival: JSON with the envelope, the headers, text and HTML as a reader sees them, and the bytes as they came.
 * With a key and a certificate the connection is TLS from its first byte. With a user nobody else gets in.
 *
 * The part of a recipient's address before the `@` says what becomes of the mail:
 *   later   451 at the first try of a mail, taken at the next one
 *   never   550
 *   slow    no answer at all
 * and what stands after a `+` there tells several of them apart.
 */

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";

const { values, positionals } = parseArgs({
  options: { key: { type: "string" }, cert: { type: "string" }, user: { type: "string" }, password: { type: "string" } },
  allowPositionals: true,
});
const { user, password } = values;
const [key, cert] = [values.key, values.cert].map((file) => file && readFileSync(file));
const [folder] = positionals;
if (!folder) throw new Error("name a folder for the mails");
mkdirSync(folder, { recursive: true });

const refusal = (responseCode, text) => Object.assign(new Error(text), { responseCode });
/** Recipients that were told to come again. */
const delayed = new Set();
let taken = 0;

const server = new SMTPServer({
  secure: Boolean(key),
  ...(key && { key, cert }),
  // On plain loopback nobody offers TLS, as in the demo.
  disabledCommands: [...(key ? [] : ["STARTTLS"]), ...(user ? [] : ["AUTH"])],
  authOptional: !user,
  allowInsecureAuth: true,
  disableReverseLookup: true,
  logger: false,

  onAuth({ username, password: given }, _session, done) {
    if (username === user && given === password) return done(null, { user });
    done(refusal(535, "Authentication failed"));
  },

  onRcptTo({ address }, _session, done) {
    const [kind] = address.split(/[+@]/);
    if (kind === "slow") return;
    if (kind === "never") return done(refusal(550, `No such mailbox: ${address}`));
    if (kind === "later" && !delayed.has(address)) {
      delayed.add(address);
      return done(refusal(451, `Try again later: ${address}`));
    }
    done();
  },

  async onData(stream, session, done) {
    const chunks = [];
    try {
      for await (const chunk of stream) chunks.push(chunk);
    } catch (gone) {
      // A sender that was killed in the middle: it is nobody's mail, and no reason to end.
      return done(gone);
    }
    const raw = Buffer.concat(chunks);
    const { headers, subject, text, html } = await PostalMime.parse(raw);
    const { mailFrom, rcptTo } = session.envelope;
    const mail = {
      envelope: { from: mailFrom.address, to: rcptTo.map(({ address }) => address) },
      user: session.user,
      headers: Object.fromEntries(headers.map(({ key, value }) => [key, value])),
      subject,
      text,
      html,
      raw: raw.toString("latin1"),
    };
    const file = join(folder, `${String(++taken).padStart(6, "0")}.json`);
    // Whole or not there, and there before the sender hears so.
    writeFileSync(`${file}.part`, JSON.stringify(mail, null, 2));
    renameSync(`${file}.part`, file);
    done();
  },
});

// Senders that are killed, or do not trust the certificate, go away in the middle.
server.on("error", () => {});
server.listen(0, "127.0.0.1", () => {
  console.log(`SMTP server at ${key ? "smtps" : "smtp"}://localhost:${server.server.address().port}`);
});
