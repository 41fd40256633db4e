import type { Page } from '@playwright/test';
import { isLive } from '../support/console';
import { waitFor } from '../support/process';
import { expect, test } from '../support/test';

// Its processes outlive a Drainboard that is killed, as journeys end theirs.
test.afterEach(async ({ drainboard }) => {
  await drainboard.stop();
});

const server = (page: Page, number: number) => page.getByTestId(`server-${number}`);

/** The numbers in the strip of answers, oldest first; ✕ for what failed. */
function strip(page: Page): Promise<string> {
  return page.locator('.lab-strip').innerText().then((text) => text.replace(/\s/g, ''));
}

/** Waits until the last answers read so. */
async function answers(page: Page, what: string, pattern: RegExp): Promise<void> {
  await expect.poll(() => strip(page), { message: what, timeout: 30_000 }).toMatch(pattern);
}

async function start(page: Page): Promise<void> {
  await page.goto('/');
  await isLive(page);
  await page.getByRole('button', { name: 'Start the lab' }).click();
  await expect(page).toHaveURL(/\/lab$/);
  await expect(page.locator('h1')).toContainText('Active', { timeout: 30_000 });
}

test('from an empty board to a failover and back', async ({ page, drainboard, expectAccessible }) => {
  await start(page);
  await answers(page, 'round robin', /(123|231|312){6}$/);
  for (const number of [1, 2, 3]) await expect(server(page, number)).toContainText('Healthy');
  await expectAccessible();

  await server(page, 2).getByRole('button', { name: 'Kill -9 server 2' }).click();
  await expect(server(page, 2)).toContainText('no process');
  await expect(server(page, 2).locator('.status')).toContainText('Unhealthy');
  await answers(page, 'the traffic moves', /(13|31){10}$/);
  await expect(page.getByRole('button', { name: 'Kill -9 server 2' })).toBeDisabled();
  await expectAccessible();

  await server(page, 2).getByRole('button', { name: 'Bring back server 2' }).click();
  await expect(server(page, 2).locator('.status')).toContainText('Healthy');
  // Which of the two others it comes back behind is the load balancer's affair.
  await answers(page, 'round robin again', /((123|231|312){6}|(132|321|213){6})$/);

  const lab = (await drainboard.api('GET', '/lab')).body;
  await page.getByRole('button', { name: 'End the lab' }).click();
  await expect(page.getByRole('button', { name: 'Start the lab' })).toBeVisible();
  expect((await drainboard.api('GET', '/target-groups')).body.items).toEqual([]);
  expect((await drainboard.api('GET', '/proxies')).body.items).toEqual([]);
  await expect(fetch(lab.load_balancer.network_url)).rejects.toThrow();
});

test('a page opened by a person shows another server at each reload', async ({ page, drainboard, context }) => {
  await start(page);
  const lab = (await drainboard.api('GET', '/lab')).body;
  await drainboard.api('PATCH', '/lab', { rate_per_s: 1 });
  const visitor = await context.newPage();
  const seen = new Set<string>();
  await visitor.goto(lab.load_balancer.network_url);
  const all = await waitFor(async () => {
    seen.add(await visitor.locator('body > p').first().innerText());
    await visitor.reload();
    return seen.size === 3 ? true : null;
  }, 30_000);
  expect(all, [...seen].join()).toBe(true);
  await page.getByRole('button', { name: 'End the lab' }).click();
  await expect(page.getByRole('button', { name: 'Start the lab' })).toBeVisible();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test('the lab is started, broken and ended by plain forms', async ({ page, drainboard }) => {
    await page.goto('/');
    await page.getByRole('button', { name: 'Start the lab' }).click();
    await expect(page).toHaveURL(/\/lab$/);
    const state = async (): Promise<true | null> =>
      (await drainboard.api('GET', '/lab')).body.state === 'active' ? true : null;
    expect(await waitFor(state, 30_000)).toBe(true);
    await page.reload();
    await page.getByRole('button', { name: 'Hang server 1' }).click();
    await expect(server(page, 1)).toContainText('hangs');
    await page.getByRole('button', { name: 'Bring back server 1' }).click();
    await expect(server(page, 1)).toContainText('answers');
    await page.locator('#lab-rate').fill('25');
    await page.getByRole('button', { name: 'Set' }).click();
    await expect(page.locator('#lab-rate')).toHaveValue('25');
    await page.getByRole('button', { name: 'End the lab' }).click();
    await expect(page.getByRole('button', { name: 'Start the lab' })).toBeVisible();
  });
});

test('the lab fits on a phone, in the dark and in Korean', async ({ page, context, drainboard, expectAccessible }) => {
  await start(page);
  await context.addCookies([{ name: 'lang', value: 'ko', url: drainboard.url }]);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await drainboard.api('POST', '/lab/backends/2/slow');
  await page.reload();
  await isLive(page);
  await expect(server(page, 2)).toContainText('늦게 응답함');
  await expectAccessible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  const words = await page.locator('main').innerText();
  expect(words).not.toMatch(/\b(Server|Healthy|Answers?|Share|Active|Failed|Slow|Stop|Hang|Bring)\b/);
  await drainboard.api('DELETE', '/lab');
});
