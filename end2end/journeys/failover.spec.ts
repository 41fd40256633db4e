import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { isLive } from '../support/console';
import type { Drainboard } from '../support/drainboard';
import { waitFor } from '../support/process';
import { expect, test } from '../support/test';

// The lab's processes outlive a Drainboard that is killed, as journeys end theirs.
test.afterEach(async ({ drainboard }) => {
  await drainboard.stop();
});

/** Starts a lab and waits until it serves, and until automatic mode may act. */
async function lab(drainboard: Drainboard): Promise<void> {
  await drainboard.api('POST', '/lab', { rate_per_s: 20 });
  const active = async (): Promise<true | null> => ((await drainboard.api('GET', '/lab')).body.state === 'active' ? true : null);
  expect(await waitFor(active, 30_000)).toBe(true);
}

async function inflict(drainboard: Drainboard, server: number, fault: string): Promise<void> {
  expect((await drainboard.api('POST', `/lab/backends/${server}/${fault}`, {})).status).toBe(200);
}

const figure = (page: Page, name: string) => page.locator('.figs div').filter({ hasText: name });

test('a failover is measured by itself, watched while it goes on, and kept', async ({ page, drainboard, expectAccessible }) => {
  test.setTimeout(120_000);
  await lab(drainboard);
  await page.goto('/failovers');
  await isLive(page);
  await expect(page.getByRole('heading', { name: 'No failover yet' })).toBeVisible();
  await expectAccessible();

  await inflict(drainboard, 3, 'kill');
  // It comes by itself, and says that it is not over.
  const row = page.locator('.failovers tr').filter({ hasText: 'lab-web' });
  await expect(row).toContainText('server-3 was killed.', { timeout: 15_000 });
  await expect(row).toContainText('under way');
  await row.getByRole('link', { name: 'server-3 was killed.' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('server-3 was killed.');
  await expect(page.locator('.sub').first()).toContainText('Not over yet.');
  await expect(figure(page, 'Back in service')).toContainText('not yet');
  await expect(figure(page, 'Detected by us').locator('.v')).toHaveText(/\d/, { timeout: 15_000 });
  await expect(figure(page, 'Out of service').locator('.v')).toHaveText(/\d/, { timeout: 20_000 });

  await inflict(drainboard, 3, 'bring-back');
  await expect(page.locator('.sub').first()).toContainText('Service is whole again.', { timeout: 30_000 });
  await expect(figure(page, 'Back in service').locator('.v')).toHaveText(/\d/);
  await expect(figure(page, 'Requests lost').locator('.v')).toHaveText(/^\d+ of \d+$/);
  const lanes = page.getByRole('img', { name: 'Time line of the failover' });
  for (const lane of ['Our checks', 'network says', 'We told network', 'Answers by target', 'Failed requests']) {
    await expect(lanes.locator('.f-label').filter({ hasText: lane }).first()).toBeVisible();
  }
  await expect(page.locator('.story')).toContainText('killed (SIGKILL)');
  // The last line or not: the own checks of a proxy that only watches may come to see it later.
  await expect(page.locator('.story tr').filter({ hasText: 'Service is whole again.' })).toBeVisible();
  await expectAccessible();

  // It outlives the lab and the program, at the same address.
  const address = page.url();
  await drainboard.api('DELETE', '/lab');
  await drainboard.stop();
  await drainboard.start();
  await page.goto(address);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('server-3 was killed.');
  await page.getByText('Export', { exact: true }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Markdown' }).click();
  const file = await readFile((await (await download).path()) ?? '', 'utf8');
  expect(file).toContain('# Failover of server-3 in lab-web');
  expect(file).toMatch(/\| `recover_ms` \| \d/);
});

test('a drill is begun from the keyboard, and its record says whether it passed', async ({ page, drainboard, expectAccessible }) => {
  test.setTimeout(120_000);
  await lab(drainboard);
  await page.goto('/groups/lab-web');
  await isLive(page);
  await page.getByRole('link', { name: 'Drill', exact: true }).press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Drill in lab-web' })).toBeVisible();
  await expectAccessible();
  await page.getByLabel('Kill').press('Space');
  await page.getByLabel('Lasts (s)').fill('soon');
  await page.getByLabel('Requests lost at most').fill('100');
  await page.getByLabel('Requests lost at most').press('Enter');
  // Nothing that was typed is lost.
  await expect(page.getByText('Give a number from 1 to 3600.')).toBeVisible();
  await expect(page.getByLabel('Lasts (s)')).toHaveValue('soon');
  await expect(page.getByLabel('Kill')).toBeChecked();
  await expect(page.getByLabel('Requests lost at most')).toHaveValue('100');
  await page.getByLabel('Lasts (s)').fill('4');
  await page.getByRole('button', { name: 'Begin the drill' }).press('Enter');

  await expect(page).toHaveURL(/\/failovers$/);
  const row = page.locator('.failovers tr').filter({ hasText: 'lab-web' });
  await expect(row).toContainText('drill: kill · under way', { timeout: 15_000 });
  await expect(row).toContainText('drill: kill · passed', { timeout: 40_000 });
});

test('a drill is put on a schedule, begins by itself, and is paused and removed', async ({ page, drainboard, expectAccessible }) => {
  test.setTimeout(120_000);
  await lab(drainboard);
  await page.goto('/groups/lab-web/drill');
  await isLive(page);
  await page.getByRole('radio', { name: /^Drain/ }).check();
  await page.getByLabel('Lasts (s)').fill('2');
  await page.getByLabel('At (UTC)').fill('soon');
  await page.getByRole('button', { name: 'Put it on the schedule' }).click();
  await expect(page.getByText('Give a time of day in UTC, such as 03:30.').first()).toBeVisible();
  await expect(page.getByLabel('At (UTC)')).toHaveValue('soon');
  await expect(page.getByText('This is needed.')).toBeVisible();

  for (const day of ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']) await page.getByLabel(day, { exact: true }).check();
  // Enter is the first button of the form: nothing may begin at once that was meant for later.
  await page.getByLabel('At (UTC)').fill('03:30');
  await page.getByLabel('At (UTC)').press('Enter');
  await expect(page.getByText('A schedule is filled in.')).toBeVisible();
  await expect(page.getByLabel('Sun', { exact: true })).toBeChecked();
  await page.getByLabel('At (UTC)').fill(new Date(Date.now() + 4_000).toISOString().slice(11, 19));
  await page.getByRole('button', { name: 'Put it on the schedule' }).click();
  const row = page.locator('.schedules li').filter({ hasText: 'every day' });
  await expect(row).toContainText('those that serve, in turn');
  await expectAccessible();
  const come = async (): Promise<true | null> => {
    const schedules = (await drainboard.api('GET', '/target-groups/lab-web/drill-schedules')).body.items;
    return schedules[0].last === null ? null : true;
  };
  expect(await waitFor(come, 60_000)).toBe(true);
  await page.goto('/failovers');
  await expect(page.locator('.failovers tr').filter({ hasText: 'lab-web' })).toContainText('drill on schedule: drain', { timeout: 15_000 });
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);

  await page.goto('/groups/lab-web/drill');
  await expect(row).toContainText('server-1');
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await row.getByRole('button', { name: 'Pause' }).click();
  await expect(row).toContainText('paused');
  await row.getByRole('button', { name: 'Remove' }).click();
  await expect(row).toHaveCount(0);
});

test.describe('in Korean and without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test('records and drills are read and begun all the same', async ({ page, drainboard, context }) => {
    test.setTimeout(90_000);
    await lab(drainboard);
    await context.addCookies([{ name: 'lang', value: 'ko', url: drainboard.url }]);
    await page.goto('/groups/lab-web/drill');
    await page.getByRole('radio', { name: '드레이닝' }).check();
    await page.getByLabel('지속 시간(초)').fill('2');
    await page.getByRole('button', { name: '훈련 시작' }).click();
    await expect(page).toHaveURL(/\/failovers$/);
    const listed = async (): Promise<true | null> => {
      await page.reload();
      return (await page.locator('.failovers').count()) > 0 ? true : null;
    };
    expect(await waitFor(listed, 20_000)).toBe(true);
    await page.getByRole('link', { name: /드레이닝\./ }).first().click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('드레이닝.');
    await expect(page.getByText('의도한 제외라 감지할 것이 없음').first()).toBeVisible();
  });
});

test('hot, warm and cold standbys are compared at one click', async ({ page, drainboard, expectAccessible }) => {
  test.setTimeout(180_000);
  await lab(drainboard);
  await page.goto('/lab');
  await isLive(page);
  await page.getByRole('link', { name: 'Compare hot, warm and cold standbys' }).click();
  await page.getByRole('button', { name: 'Compare hot, warm and cold' }).click();
  await expect(page.getByRole('status').first()).toBeVisible({ timeout: 20_000 });
  const tier = (name: string) => page.locator('.compared tbody tr').filter({ has: page.getByText(name, { exact: true }) });
  for (const name of ['Hot', 'Warm', 'Cold']) {
    await expect(tier(name).locator('b')).toHaveText(/\d (ms|s)$/, { timeout: 60_000 });
    await expect(tier(name)).toContainText(/\d+ of \d+/);
  }
  await expect(page.getByRole('button', { name: 'Compare again' })).toBeVisible({ timeout: 30_000 });
  await expectAccessible();
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await tier('Cold').getByRole('link', { name: 'Open' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('server-1 was killed.');
});
