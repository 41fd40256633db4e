import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { addTargets, createGroup, FAST, isLive, row } from '../support/console';
import { expect, test } from '../support/test';

/** A group of two, of which one was killed and is down. Its address, and the page of the target that is down. */
async function outage(page: Page, backends: { address: string; kill(): Promise<void> }[]): Promise<string> {
  await createGroup(page, { name: 'web', protocol: 'HTTP', port: '8000', ...FAST });
  await addTargets(page, 'web', backends.map((it, index) => `${it.address} web-${index + 1}`));
  for (const name of ['web-1', 'web-2']) await expect(row(page, name)).toContainText('Healthy');
  await backends[1]!.kill();
  await expect(row(page, 'web-2')).toContainText('Unhealthy');
  return (await page.getByRole('link', { name: 'web-2', exact: true }).getAttribute('href'))!;
}

test('the past of a target is zoomed, replayed and exported', async ({ page, backend, expectAccessible }) => {
  const target = await outage(page, [await backend(), await backend()]);
  await page.goto(target);
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page).toHaveURL(/\/history$/);
  await page.getByRole('link', { name: '1 h', exact: true }).click();
  await expect(page).toHaveURL(/range=1h/);
  await isLive(page);
  await expect(page.locator('.past-chart output')).toContainText(/checks? passed, [1-9]\d* failed/);
  await expect(page.locator('.reasons')).toContainText('Target.FailedHealthChecks');
  await expect(page.locator('.observations .failed').first()).toContainText('connection refused');
  await expectAccessible();

  // By key, without losing the place; by drag; back again.
  const picture = page.locator('.curve-picture');
  await picture.focus();
  await page.keyboard.press('+');
  await expect(page).toHaveURL(/from=.*&to=/);
  await expect(picture).toBeFocused();
  const box = (await picture.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.5, box.y + 60);
  const zoomed = page.url();
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.99, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await expect(page).not.toHaveURL(zoomed);
  await page.goBack();
  await expect(page).toHaveURL(zoomed);

  await page.goto(`${target}/history?range=1h`);
  await isLive(page);
  await page.getByLabel('Failures to be unhealthy').fill('1');
  await page.getByRole('button', { name: 'Replay' }).click();
  await expect(page.locator('.what-if')).toContainText('The one outage would have been seen.');
  await expect(page.locator('.what-if')).toContainText(/found .* sooner on average/);
  await page.getByLabel('Interval (ms)').fill('700');
  await page.getByRole('button', { name: 'Replay' }).click();
  await expect(page.getByText('Give a multiple of 500 ms')).toBeVisible();
  await expect(page.getByLabel('Interval (ms)')).toHaveValue('700');

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()]);
  const lines = (await readFile((await download.path())!, 'utf8')).trimEnd().split('\r\n');
  expect(lines[0]).toMatch(/^at,outcome,reason,/);
  expect(lines.some((line) => line.includes(',fail,Target.FailedHealthChecks,connection refused,'))).toBe(true);
});

test('the board at any moment is found by keys, kept in the address, and told without the program too', async ({
  page,
  browser,
  backend,
  drainboard,
  expectAccessible,
}) => {
  await outage(page, [await backend(), await backend()]);
  await page.getByRole('link', { name: 'History' }).click();
  await page.getByRole('link', { name: '1 h', exact: true }).click();
  await isLive(page);
  const at = (target: string) => page.locator('.lane-row').filter({ hasText: target }).locator('.lane-at');
  await expect(at('web-2')).toContainText('Unhealthy');
  await expect(at('web-1')).toContainText('Healthy');
  await expectAccessible();

  const slider = page.getByRole('slider', { name: 'Moment' });
  await slider.press('PageDown');
  await expect(at('web-2')).toContainText('Unhealthy');
  await slider.press('PageDown');
  await expect(at('web-2')).not.toContainText('Unhealthy');
  await slider.press('Home');
  await expect(at('web-1')).toContainText('not registered');
  await slider.press('PageUp');
  await expect(at('web-1')).not.toContainText('not registered');
  await slider.press('End');
  await slider.press('PageDown');
  const moment = await page.locator('.scrub-at output').textContent();
  // The address follows when the keys have rested.
  await expect.poll(() => new URL(page.url()).searchParams.get('at')).toContain(moment!);
  await expect(page).toHaveURL(/from=.*&to=.*&at=/);
  const link = page.url();

  // It is the same for whoever opens the link, with the program and without it.
  await page.goto(link);
  await isLive(page);
  await expect(page.locator('.scrub-at output')).toHaveText(moment!);
  await expect(at('web-2')).toContainText('Unhealthy');
  const plain = await browser.newContext({ javaScriptEnabled: false, baseURL: drainboard.url });
  const still = await plain.newPage();
  await still.goto(link);
  await expect(still.locator('.lane-at').first()).toContainText('Unhealthy');
  await still.getByRole('link', { name: 'Change before' }).click();
  await expect(still.locator('.lane-at').first()).not.toContainText('Unhealthy');
  await plain.close();

  await page.getByRole('button', { name: '10×', exact: true }).click();
  await slider.press('Home');
  const beginning = await page.locator('.scrub-at output').textContent();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.locator('.scrub-at output')).not.toHaveText(beginning!);
  await page.getByRole('button', { name: 'Pause' }).click();
});

test('a stretch that is none is told, and the last day is shown', async ({ page, drainboard: _ }) => {
  await createGroup(page, { name: 'web', protocol: 'TCP', port: '9' });
  await page.goto('/groups/web/history?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z');
  await expect(page.getByRole('alert').filter({ hasText: 'The end must be after the beginning' })).toBeVisible();
  await expect(page.getByText('No target was registered in this stretch.')).toBeVisible();
});

test('what the targets of a group did is listed and replayed, also of one that is gone', async ({
  page,
  backend,
  drainboard,
  expectAccessible,
}) => {
  const target = await outage(page, [await backend(), await backend()]);
  expect((await drainboard.api('DELETE', `/target-${target.slice(1)}`)).status).toBe(204);
  await page.goto('/groups/web/history?range=1h');
  await isLive(page);
  const failed = page.getByRole('table', { name: /Failed checks/ });
  await expect(failed.getByRole('row').nth(1)).toContainText('connection refused');
  await page.getByLabel('Failures to be unhealthy').fill('1');
  await page.getByRole('button', { name: 'Replay' }).click();
  await expect(page.locator('.what-if')).toContainText('The one outage would have been seen.');
  await expect(page.locator('.what-if table')).toContainText('web-2');
  await expectAccessible();

  await failed.getByRole('link', { name: 'web-2' }).first().click();
  await expect(page.getByRole('heading', { name: 'web-2' })).toBeVisible();
  await expect(page.locator('.head')).toContainText('deregistered');
  await isLive(page);
  await expect(page.locator('.observations .failed').first()).toContainText('connection refused');
  await expectAccessible();
  await page.getByRole('link', { name: 'web', exact: true }).click();
  await expect(page).toHaveURL(/\/groups\/web\/history$/);
});
