import { addTargets, createGroup, isLive, row } from '../support/console';
import { expect, test } from '../support/test';

test('a group is made and found without a pointer', async ({ page }) => {
  await page.goto('/');
  await isLive(page);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('main').getByRole('link', { name: 'Create target group' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/groups\/new$/);

  await page.locator('#f-name').focus();
  await page.keyboard.type('web');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'web' })).toBeVisible();

  await page.keyboard.press('/');
  await expect(page.locator('#search')).toBeFocused();
  await page.keyboard.press('Escape');
});

test('rows are walked, ticked and opened by keys', async ({ page }) => {
  await createGroup(page, { name: 'web', protocol: 'TCP', port: '9' });
  await addTargets(page, 'web', ['127.0.0.1 one', '127.0.0.2 two', '127.0.0.3 three']);
  await isLive(page);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await expect(row(page, 'two').getByRole('checkbox')).toBeChecked();
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'one' })).toBeVisible();

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('a range of rows is ticked with shift', async ({ page }) => {
  await createGroup(page, { name: 'web', protocol: 'TCP', port: '9' });
  await addTargets(page, 'web', ['127.0.0.[1-5]']);
  await isLive(page);
  const boxes = page.locator('tr[data-row] input[type=checkbox]');
  await boxes.nth(1).click();
  await boxes.nth(3).click({ modifiers: ['Shift'] });
  await expect(page.locator('tr[data-row] input:checked')).toHaveCount(3);
});

test('counts are filters, and the filter is in the address', async ({ page, backend }) => {
  const web = await backend();
  await createGroup(page, { name: 'web', protocol: 'TCP', port: '9', interval_ms: '500', timeout_ms: '400' });
  await addTargets(page, 'web', [`${web.address} up`, '127.0.0.1 down']);
  await expect(row(page, 'down')).toContainText('Unhealthy');
  await expect(row(page, 'up')).toContainText('Healthy');
  await isLive(page);
  await page.getByRole('link', { name: /1\s*unhealthy/i }).click();
  await expect(page).toHaveURL(/status=unhealthy/);
  await expect(page.locator('tr[data-row]')).toHaveCount(1);
  await page.reload();
  await expect(row(page, 'down')).toBeVisible();
  await expect(row(page, 'up')).toHaveCount(0);
});
