import type { Page } from '@playwright/test';
import { addTargets, createGroup, FAST, fill, isLive, row } from '../support/console';
import { expect, test } from '../support/test';

// Every form in both worlds: once sent by the browser's program, once by the browser alone.
for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    /** Opens a page, and with JavaScript waits until the program has taken over. */
    const open = async (page: Page, path: string): Promise<void> => {
      await page.goto(path);
      if (javaScriptEnabled) await isLive(page);
    };

    test('a group: what is wrong stands beside its field, what was typed stays, then it is made', async ({ page }) => {
      await open(page, '/groups/new');
      await expect(page.locator('#f-name')).toBeFocused();
      await fill(page, { name: 'web-', description: '상점 <앞>', interval_ms: '100', timeout_ms: '5000', check_port: 'nine' });
      await page.getByRole('button', { name: 'Create target group' }).click();

      const alert = page.getByRole('alert').filter({ hasText: 'Nothing was saved' });
      await expect(alert).toBeVisible();
      await expect(page.locator('#f-name')).toBeFocused();
      await expect(page.locator('#f-name')).toHaveAccessibleDescription(/1 to 32 letters/);
      await expect(page.locator('#f-interval_ms')).toHaveAccessibleDescription(/Give a number from 200 to 300000\./);
      await expect(page.locator('#f-check_port')).toBeVisible();
      await expect(page.locator('#f-check_port')).toHaveAttribute('aria-invalid', 'true');
      await expect(page.locator('#f-description')).toHaveValue('상점 <앞>');
      await expect(page.locator('#f-timeout_ms')).toHaveValue('5000');
      await alert.getByRole('link', { name: 'Interval (ms)' }).click();
      await expect(page.locator('#f-interval_ms')).toBeInViewport();

      await fill(page, { name: 'web', interval_ms: '5000', check_port: '' });
      await page.getByRole('button', { name: 'Create target group' }).click();
      await expect(page).toHaveURL(/\/groups\/web$/);
      await expect(page.getByRole('heading', { level: 1, name: 'web' })).toBeVisible();
      await expect(page.getByRole('status').filter({ hasText: 'web' })).toBeVisible();

      await open(page, '/groups/new');
      await fill(page, { name: 'web' });
      await page.getByRole('button', { name: 'Create target group' }).click();
      await expect(page.locator('#f-name')).toHaveAccessibleDescription(/exists already/);
    });

    test('a group is edited: switches, protocol and thresholds', async ({ page }) => {
      await createGroup(page, { name: 'web', protocol: 'HTTP', port: '8000', path: '/healthz' });
      await open(page, '/groups/web/edit');
      await expect(page.locator('#f-path')).toHaveValue('/healthz');
      await page.getByLabel('Check the targets').uncheck();
      await fill(page, { protocol: 'TCP', unhealthy_threshold: '4', why: 'maintenance' });
      await expect(page.locator('#f-path')).toBeHidden();
      await page.getByRole('button', { name: 'Save changes' }).click();
      await expect(page).toHaveURL(/\/groups\/web\/settings$/);
      await expect(page.getByRole('row', { name: /Unhealthy threshold/ })).toContainText('4');
      await open(page, '/groups/web/edit');
      await expect(page.getByLabel('Check the targets')).not.toBeChecked();
      await expect(page.locator('#f-protocol')).toHaveValue('TCP');
    });

    test('targets: tested before saving, a bad line named, then added in bulk and by range', async ({ page, backend }) => {
      const web = await backend();
      await createGroup(page, { name: 'web', protocol: 'HTTP', port: '8000' });
      await open(page, '/groups/web/targets/add');

      await fill(page, { targets: `${web.address} one\nbad:port\n` });
      await page.getByRole('button', { name: 'Add targets' }).click();
      await expect(page.locator('#f-targets')).toHaveAccessibleDescription(/Line 2: cannot read/);
      await expect(page.locator('#f-targets')).toHaveValue(`${web.address} one\nbad:port\n`);
      await expect(page.locator('#f-targets')).toBeFocused();

      await fill(page, { targets: `${web.address} one\n127.0.0.[2-4]:9` });
      await page.getByRole('button', { name: 'Test', exact: true }).click();
      const result = page.getByRole('row', { name: new RegExp(web.address) });
      await expect(result).toContainText('Pass');
      await expect(result).toContainText('200');
      await expect(page.getByRole('row', { name: /127\.0\.0\.2:9/ })).toContainText(/connection refused/i);
      await expect(page.getByText('4 targets understood')).toBeVisible();
      await expect(page.locator('#f-targets')).toHaveValue(`${web.address} one\n127.0.0.[2-4]:9`);

      await page.getByRole('button', { name: 'Add targets' }).click();
      await expect(page).toHaveURL(/\/groups\/web$/);
      await expect(page.locator('tr[data-row]')).toHaveCount(4);
      await expect(row(page, 'one')).toContainText(web.address);
    });

    test('a check is tried on a target before the group is saved', async ({ page, backend }) => {
      const web = await backend();
      await open(page, '/groups/new');
      await fill(page, { name: 'later', path: '/nowhere', try_on: web.address });
      await page.getByRole('button', { name: 'Test', exact: true }).click();
      await expect(page.getByRole('row', { name: new RegExp(web.address) })).toContainText('404, expected 200');
      await expect(page.locator('#f-name')).toHaveValue('later');
      await page.goto('/groups/later');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(/no such page/i);
    });

    test('a target: checked now, edited, deregistered; the rest in bulk; then the group goes', async ({ page }) => {
      await createGroup(page, { name: 'web', protocol: 'TCP', port: '9' });
      await addTargets(page, 'web', ['127.0.0.1 one', '127.0.0.2 two', '127.0.0.3 three', '127.0.0.4 four']);

      await open(page, '/groups/web');
      await row(page, 'one').getByRole('button', { name: 'Check now' }).click();
      await expect(page.getByRole('status').filter({ hasText: 'one was checked and did not pass' })).toBeVisible();
      await expect(page).toHaveURL(/\/groups\/web$/);

      await row(page, 'one').locator('details.more summary').click();
      await row(page, 'one').getByRole('link', { name: 'Edit' }).click();
      await fill(page, { label: 'first', target_host: 'not a host' });
      await page.getByRole('button', { name: 'Save changes' }).click();
      await expect(page.locator('#f-target_host')).toHaveAccessibleDescription(/Give an IPv4 or IPv6 address/);
      await expect(page.locator('#f-label')).toHaveValue('first');
      await fill(page, { target_host: '127.0.0.9' });
      await page.getByRole('button', { name: 'Save changes' }).click();
      await expect(page.getByRole('heading', { level: 1, name: 'first' })).toBeVisible();
      await expect(page.getByText('127.0.0.9:9').first()).toBeVisible();

      await page.getByRole('link', { name: 'Deregister' }).click();
      await expect(page.getByText('3 targets stay in the group')).toBeVisible();
      await page.getByRole('button', { name: 'Deregister', exact: true }).click();
      await expect(page).toHaveURL(/\/groups\/web$/);
      await expect(page.locator('tr[data-row]')).toHaveCount(3);

      for (const name of ['two', 'three']) await row(page, name).getByRole('checkbox').check();
      await page.getByRole('button', { name: 'Deregister selected' }).click();
      await page.getByRole('button', { name: 'Deregister 2 targets' }).click();
      await expect(page.locator('tr[data-row]')).toHaveCount(1);

      await open(page, '/groups/web/delete');
      await page.getByRole('button', { name: 'Delete target group' }).click();
      await expect(page.locator('#f-typed_name')).toHaveAccessibleDescription(/Type web exactly/);
      await fill(page, { typed_name: 'web' });
      await page.getByRole('button', { name: 'Delete target group' }).click();
      await expect(page).toHaveURL(/\/$/);
      await expect(page.getByRole('link', { name: 'web', exact: true })).toHaveCount(0);
    });

    test('language and theme are chosen by form and kept', async ({ page }) => {
      await open(page, '/groups/new');
      await page.locator('details.prefs summary').click();
      await page.getByRole('button', { name: 'Dark' }).click();
      await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
      await expect(page).toHaveURL(/\/groups\/new$/);
      await page.locator('details.prefs summary').click();
      await page.getByRole('button', { name: '한국어' }).or(page.getByRole('button', { name: 'KO' })).first().click();
      await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
      await expect(page.getByRole('heading', { level: 1, name: '대상 그룹 생성' })).toBeVisible();
      await page.getByRole('button', { name: '대상 그룹 생성' }).click();
      await expect(page.locator('#f-name')).toHaveAccessibleDescription(/필수 항목입니다/);
      await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    });
  });
}

test('with JavaScript a form is sent without a page load, once, and says so when nobody answers', async ({
  page,
  drainboard,
}) => {
  await page.goto('/groups/new');
  await isLive(page);
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await fill(page, { name: '-', ...FAST });
  await page.getByRole('button', { name: 'Create target group' }).click();
  await expect(page.locator('#f-name')).toHaveAttribute('aria-invalid', 'true');

  await drainboard.kill();
  await fill(page, { name: 'web', description: 'kept' });
  await page.getByRole('button', { name: 'Create target group' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Drainboard does not answer. Nothing was saved; try again.' })).toBeVisible();
  await expect(page.locator('#f-description')).toHaveValue('kept');

  const heardAgain = page.waitForResponse((response) => response.url().includes('/live?') && response.ok());
  await drainboard.start();
  await heardAgain;
  await isLive(page);
  await expect(page.locator('#f-description')).toHaveValue('kept');
  await page.getByRole('button', { name: 'Create target group' }).dblclick();
  await expect(page).toHaveURL(/\/groups\/web$/);
  expect(await page.evaluate(() => 'sameDocument' in window), 'no page load in between').toBe(true);
  await page.goBack();
  await expect(page).toHaveURL(/\/groups\/new$/);
});
