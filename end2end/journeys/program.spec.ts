import type { Page } from '@playwright/test';
import { addTargets, createGroup, fill, isLive } from '../support/console';
import { expect, test } from '../support/test';

/** Pages of every kind. */
const PAGES = [
  '/',
  '/wall',
  '/events',
  '/groups/web',
  '/groups/web/history',
  '/groups/web/events',
  '/groups/web/proxies',
  '/groups/web/settings',
  '/groups/web/edit',
  '/groups/web/delete',
  '/groups/web/targets/add',
  '/groups/new',
  '/proxies',
  '/proxies/new',
  '/lab',
  '/no-such-page',
];

/** The program has taken over: the page hears the server, and answers a key. */
async function isTakenOver(page: Page): Promise<void> {
  await isLive(page);
  await page.keyboard.press('Escape');
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('?');
  await expect(page.locator('#help')).toBeVisible();
  await page.keyboard.press('Escape');
}

// What is not needed at first is loaded later, so every page is opened as the first one and as a later one.
test('the program takes over every kind of page', async ({ page }) => {
  test.slow();
  await createGroup(page, { name: 'web', protocol: 'HTTP', port: '8000' });
  await addTargets(page, 'web', ['127.0.0.1:9 one', '127.0.0.1:7 two']);
  const target = (await page.getByRole('link', { name: 'one', exact: true }).getAttribute('href'))!;
  const more = [target, `${target}/history`, `${target}/edit`, `${target}/drain`, `${target}/deregister`];
  for (const path of [...PAGES, ...more]) {
    await test.step(path, async () => {
      await page.goto(path);
      await isTakenOver(page);
      await expect(page.locator('main h1, main h2').first()).toBeVisible();
    });
  }
});

test('from page to page the document stays, and what a page needs is loaded', async ({ page }) => {
  await page.goto('/');
  await isLive(page);
  await page.evaluate(() => ((window as { first?: boolean }).first = true));
  const isSame = (): Promise<boolean | undefined> => page.evaluate(() => (window as { first?: boolean }).first);

  await page.getByRole('link', { name: /create.*group/i }).first().click();
  await expect(page).toHaveURL(/\/groups\/new$/);
  await fill(page, { name: 'web', port: '8000' });
  await page.getByRole('button', { name: 'Create target group' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'web' })).toBeVisible();
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.locator('.past-chart')).toBeVisible();
  await page.getByRole('navigation').getByRole('link', { name: 'Proxies' }).first().click();
  await expect(page).toHaveURL(/\/proxies$/);
  await page.goBack();
  await page.goBack();
  await expect(page).toHaveURL(/\/groups\/web$/);
  await expect(page.getByRole('heading', { level: 1, name: 'web' })).toBeVisible();
  expect(await isSame(), 'the document was not loaded again').toBe(true);
});
