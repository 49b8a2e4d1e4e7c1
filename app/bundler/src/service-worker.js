// For people who chose to keep a list on their own device. It keeps the files below, which are the same for everybody, and
// nothing else: no page, no answer, nothing that was sent.
const CACHE = "NAME";
const FILES = [];
const OFFLINE = "OFFLINE_PAGE";

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...FILES, OFFLINE])));
});

addEventListener("activate", (event) => {
  const drop = (names) => Promise.all(names.filter((name) => name.startsWith("portico-") && name !== CACHE).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(drop));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (FILES.includes(pathname)) {
    event.respondWith(caches.match(pathname).then((kept) => kept ?? fetch(request)));
  } else if (request.mode === "navigate" && !/^\/console(\/|$)/.test(pathname)) {
    const offline = () => caches.match(OFFLINE).then((page) => page ?? Response.error());
    event.respondWith(fetch(request).catch(offline));
  }
});
