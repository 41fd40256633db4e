// What a page costs in Chromium: `node page.mjs URL THROTTLE SECONDS`. Prints one line of JSON; xtask makes the table.
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { chromium } from '@playwright/test';

const [url, throttle, seconds] = process.argv.slice(2);
const LOADS = 5;
const REQUESTS = 20;

/** Milliseconds until the whole document was there, and its size as it came. */
function html() {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const asked = request(url, { headers: { accept: 'text/html', 'accept-encoding': 'br, gzip' } }, (response) => {
      let bytes = 0;
      response.on('data', (part) => (bytes += part.length));
      response.on('end', () => resolve({ ms: performance.now() - began, bytes }));
    });
    asked.on('error', reject).end();
  });
}

/** In every document: when the page says that it is live, what was painted, and which tasks were long. */
function observe() {
  const seen = { live: null, lcp: null, long: [] };
  Object.assign(window, { seen });
  const look = () => {
    if (seen.live === null && document.querySelector('[data-testid=live].on')) seen.live = performance.now();
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['class'] });
  new PerformanceObserver((list) => list.getEntries().forEach((it) => (seen.lcp = it.startTime)))
    .observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach((it) => seen.long.push([it.startTime, it.duration])))
    .observe({ type: 'longtask', buffered: true });
}

/** One first visit: an empty cache, a processor that is so many times slower. */
async function visit(browser) {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: Number(throttle) });
  let bytes = 0;
  devtools.on('Network.loadingFinished', (it) => (bytes += it.encodedDataLength));
  await page.addInitScript(observe);
  await page.goto(url, { waitUntil: 'commit' });
  // Seldom, since asking costs the page time.
  await page.waitForFunction(() => window.seen.live !== null, null, { polling: 500, timeout: 120_000 });
  const elements = await page.evaluate(() => document.querySelectorAll('*').length);
  const { live, lcp } = await page.evaluate(() => window.seen);
  return { page, elements, live, lcp, loaded: bytes };
}

const plain = [];
for (let n = 0; n < REQUESTS; n += 1) plain.push(await html());
const own = '/usr/bin/chromium';
const browser = await chromium.launch({
  executablePath: existsSync(own) ? own : undefined,
  args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
const visits = [];
let stays = null;
for (let n = 0; n < LOADS; n += 1) {
  await stays?.page.context().close();
  visits.push((stays = await visit(browser)));
}
// The last one stays, and is watched while things change.
const changesBefore = await stays.page.evaluate(() => {
  window.seen.long = [];
  window.changed = 0;
  new MutationObserver((list) => (window.changed += list.length)).observe(document.querySelector('main'), { subtree: true, childList: true, attributes: true, characterData: true });
  return performance.now();
});
await stays.page.waitForTimeout(1000 * Number(seconds));
const { long, changed } = await stays.page.evaluate(() => ({ long: window.seen.long, changed: window.changed }));
const durations = long.filter(([at]) => at >= changesBefore).map(([, duration]) => duration);
console.log(
  JSON.stringify({
    browser: browser.version(),
    html_ms: plain.map((it) => it.ms),
    html_bytes: plain.map((it) => it.bytes),
    loaded_bytes: visits.map((it) => it.loaded),
    lcp_ms: visits.map((it) => it.lcp),
    live_ms: visits.map((it) => it.live),
    elements: stays.elements,
    mutations: changed,
    long_ms: durations,
  }),
);
// It stays open until the server's memory was read.
process.stdin.resume().once('end', () => browser.close());
