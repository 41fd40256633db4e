import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Request } from '@playwright/test';
import { Backend } from './backend';
import { Drainboard } from './drainboard';
import { Program } from './process';

interface Fixtures {
  /** A directory of the journey's own, gone when it ends. */
  directory: string;
  /** Flags beside the address and the database: `test.use({ flags: ['--…'] })`. */
  flags: string[];
  /** A running Drainboard with an empty database. Pages open relative to it: `page.goto('/')`. */
  drainboard: Drainboard;
  /** Starts one more real HTTP server. */
  backend: () => Promise<Backend>;
  /** Fails the journey if the page has anything that hinders people, as far as axe can tell. */
  expectAccessible: () => Promise<void>;
}

/** Playwright's test, with a Drainboard. A browser error, such as a panic or a refused script, fails every journey. */
export const test = base.extend<Fixtures & { browserErrors: string[] }>({
  directory: async ({}, use) => {
    const directory = await mkdtemp(join(tmpdir(), 'drainboard-'));
    await use(directory);
    await rm(directory, { recursive: true, force: true });
  },

  flags: [[], { option: true }],

  drainboard: async ({ directory, flags }, use, testInfo) => {
    const drainboard = await Drainboard.start(directory, flags);
    await use(drainboard);
    await drainboard.kill();
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('drainboard.log', { body: drainboard.log, contentType: 'text/plain' });
    }
  },

  backend: async ({ directory }, use) => {
    const backends: Backend[] = [];
    await use(async () => {
      const backend = await Backend.start(directory);
      backends.push(backend);
      return backend;
    });
    await Promise.all(backends.map((backend) => backend.kill()));
  },

  baseURL: async ({ drainboard }, use) => use(drainboard.url),

  browserErrors: [
    async ({ page }, use, testInfo) => {
      const errors: string[] = [];
      const requests: string[] = [];
      const begun = Date.now();
      const note = (request: Request, end: string): void => {
        requests.push(`${Date.now() - begun} ms ${request.method()} ${request.url()} ${end}`);
      };
      page.on('response', (response) => note(response.request(), String(response.status())));
      page.on('requestfailed', (request) => note(request, request.failure()?.errorText ?? 'failed'));
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => {
        // A server that is away on purpose is the journey's own doing.
        if (message.type() === 'error' && !/net::ERR_|Failed to load resource/.test(message.text())) {
          errors.push(message.text());
        }
      });
      await use(errors);
      if (testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach('requests', { body: requests.slice(-100).join('\n'), contentType: 'text/plain' });
      }
      expect(errors, 'errors in the browser').toEqual([]);
    },
    { auto: true },
  ],

  expectAccessible: async ({ page }, use) => {
    await use(async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, help, nodes }) => ({ id, help, at: nodes.map((node) => node.target) }))).toEqual([]);
    });
  },
});

export { expect };
