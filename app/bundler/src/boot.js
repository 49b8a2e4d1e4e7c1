// The page is complete without this: nothing of it is fetched before the page has loaded and the browser has time.
const hydrate = async () => {
  const client = await import("./GLUE");
  await client.default();
  client.hydrate();
  document.documentElement.dataset.hydrated = "true";
};

const whenIdle = () =>
  "requestIdleCallback" in window ? requestIdleCallback(hydrate, { timeout: 2000 }) : setTimeout(hydrate, 200);

if (document.readyState === "complete") whenIdle();
else addEventListener("load", whenIdle);
