import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { isLive } from '../support/console';
import { everyPage } from '../support/places';
import { expect, test } from '../support/test';

/** What axe finds serious or critical on the page. */
async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return grave.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
}

test('nothing hinders people on any page, in light and in dark, with a form that came back too', async ({ page, backend }) => {
  test.setTimeout(240_000);
  const pages = await everyPage(page, (await backend()).address);
  const found: Record<string, string[]> = {};
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const path of pages) {
      await page.goto(path);
      await isLive(page);
      const barred = await barriers(page);
      if (barred.length > 0) found[`${colorScheme} ${path}`] = barred;
    }
    await page.goto('/groups/new');
    await isLive(page);
    await page.getByRole('button', { name: 'Create target group' }).click();
    await expect(page.locator('#f-name')).toHaveAttribute('aria-invalid', 'true');
    const barred = await barriers(page);
    if (barred.length > 0) found[`${colorScheme} a form that came back`] = barred;
  }
  expect(found).toEqual({});
});

test('every page fits on a phone, in English and in Korean', async ({ page, context, backend }) => {
  const pages = await everyPage(page, (await backend()).address);
  await page.setViewportSize({ width: 390, height: 844 });
  const wide: string[] = [];
  for (const lang of ['en', 'ko']) {
    await context.addCookies([{ name: 'lang', value: lang, url: page.url() }]);
    for (const path of pages) {
      await page.goto(path);
      await isLive(page);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (over > 0) wide.push(`${lang} ${path}: ${over} px`);
    }
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
  await page.goto('/groups/web/targets/add');
  await page.locator('#f-targets').fill('127.0.0.1:9');
  await page.getByRole('button', { name: '대상 등록' }).click();
  await expect(page.locator('tr[data-row]').first()).toContainText(/초기|비정상/);
  const words = await page.locator('main').innerText();
  expect(words).not.toMatch(/\b(Healthy|Unhealthy|Initial|Targets|Settings|Events|Add|Edit|Deregister|Check now)\b/);
  await context.close();
});
