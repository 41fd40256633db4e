import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { isLive } from '../support/console';
import { everyPage } from '../support/places';
import { expect, test } from '../support/test';

/** What axe finds serious or critical on the page. */
async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return grave.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
}

/** Pixels by which the page is wider than the screen. */
function overhang(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

// One visit of each page for everything that can be seen on it; in halves, so that two browsers share them.
for (const half of [0, 1]) {
  test(`nothing hinders people, in light, in dark and on a phone (half ${half + 1} of the pages)`, async ({ page, backend }) => {
    test.setTimeout(180_000);
    const pages = await everyPage(page, (await backend()).address);
    const found: Record<string, string[]> = {};
    const look = async (path: string): Promise<void> => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        const barred = await barriers(page);
        if (barred.length > 0) found[`${colorScheme} ${path}`] = barred;
      }
      await page.setViewportSize(PHONE);
      const over = await overhang(page);
      if (over > 0) found[`phone ${path}`] = [`${over} px too wide`];
      await page.setViewportSize(DESK);
    };
    for (const path of pages.filter((_, index) => index % 2 === half)) {
      await page.goto(path);
      await isLive(page);
      await look(path);
    }
    await page.goto(half === 0 ? '/groups/new' : '/groups/web/targets/add');
    await isLive(page);
    await page.locator('form.form button.primary').click();
    await expect(page.locator('[aria-invalid]')).toHaveCount(1);
    await look('a form that came back');
    expect(found).toEqual({});
  });
}

test('every page fits on a phone in Korean too', async ({ page, context, backend }) => {
  const pages = await everyPage(page, (await backend()).address);
  await page.setViewportSize(PHONE);
  await context.addCookies([{ name: 'lang', value: 'ko', url: page.url() }]);
  const wide: string[] = [];
  for (const path of pages) {
    await page.goto(path);
    await isLive(page);
    const over = await overhang(page);
    if (over > 0) wide.push(`${path}: ${over} px`);
  }
  expect(wide).toEqual([]);
});

test('Korean from the first page on for who asks for it, and no English left on it', async ({ browser, drainboard }) => {
  const context = await browser.newContext({ locale: 'ko-KR', baseURL: drainboard.url });
  const page = await context.newPage();
  await page.goto('/');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await isLive(page);
  await page.goto('/groups/new');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('대상 그룹 생성');
  await page.locator('#f-name').fill('web');
  await page.getByRole('button', { name: '대상 그룹 생성' }).click();
  await expect(page).toHaveURL(/\/groups\/web/);
  await page.goto('/groups/web/targets/add');
  await page.locator('#f-targets').fill('127.0.0.1:9');
  await page.getByRole('button', { name: '대상 등록' }).click();
  await expect(page.locator('tr[data-row]').first()).toContainText(/초기|비정상/);
  const words = await page.locator('main').innerText();
  expect(words).not.toMatch(/\b(Healthy|Unhealthy|Initial|Targets|Settings|Events|Add|Edit|Deregister|Check now)\b/);
  await context.close();
});
