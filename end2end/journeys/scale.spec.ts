import { isLive, row } from '../support/console';
import { expect, test } from '../support/test';

test('a group of many targets shows them in parts, finds any of them, and tells their last checks', async ({
  page,
  drainboard,
  backend,
}) => {
  const { host, port } = await backend();
  const check = { interval_ms: 500, timeout_ms: 400, unhealthy_threshold: 2, healthy_threshold: 2 };
  await drainboard.api('POST', '/target-groups', { name: 'web', protocol: 'TCP', port, health_check: check });
  // Addresses of loopback, all of which the backend's machine has; only one is listened on.
  const targets = Array.from({ length: 230 }, (_, n) => ({ host: n === 229 ? host : `127.0.3.${n + 1}`, port, label: `web-${n + 1}` }));
  expect((await drainboard.api('POST', '/target-groups/web/targets', { targets })).status).toBe(201);

  await page.goto('/groups/web');
  await isLive(page);
  const rows = page.locator('tr[data-row]');
  await expect(rows).toHaveCount(100);
  await expect(page.getByText('1 to 100 of 230')).toBeVisible();

  await page.getByRole('link', { name: 'Next' }).click();
  await page.getByRole('link', { name: 'Next' }).click();
  await expect(page).toHaveURL(/page=3/);
  await expect(rows).toHaveCount(30);
  await expect(row(page, 'web-230').locator('.status')).toContainText('Healthy');
  await expect(row(page, 'web-230').getByRole('img', { name: /^Last \d+ checks/ })).toBeVisible();
  await expect(row(page, 'web-229').locator('.status')).toContainText('Unhealthy');

  await page.getByRole('searchbox').fill('web-23');
  await expect(rows).toHaveCount(2);
  await expect(page).not.toHaveURL(/page=/);
  await expect(row(page, 'web-23').getByRole('img', { name: /^Last \d+ checks/ })).toBeVisible();
  await page.goBack();
  await expect(page.getByText('101 to 200 of 230')).toBeVisible();

  // The page of all groups is told nothing of single checks, and counts them all the same.
  await page.getByRole('link', { name: 'Drainboard' }).click();
  await expect(page.getByText('1 of 230 healthy')).toBeVisible();

  // Nor does it hold the targets; the server finds them.
  await drainboard.api('POST', '/target-groups', { name: 'mail', protocol: 'TCP', port, health_check: check });
  await expect(rows).toHaveCount(2);
  await page.getByRole('searchbox').fill('127.0.3.117');
  await expect(rows).toHaveCount(1);
  await expect(row(page, 'web')).toBeVisible();
  await page.getByRole('searchbox').fill('ma');
  await expect(row(page, 'mail')).toBeVisible();
  await expect(rows).toHaveCount(1);
  await page.getByRole('searchbox').fill('nobody');
  await expect(page.getByText('Nothing matches.')).toBeVisible();
  await drainboard.api('POST', '/target-groups/mail/targets', { targets: [{ host, port, label: 'nobody' }] });
  await expect(row(page, 'mail')).toBeVisible();
  await expect(page).toHaveURL(/q=nobody/);
  await page.getByRole('searchbox').fill('');
  await expect(rows).toHaveCount(2);
  await drainboard.api('PATCH', '/target-groups/web', { health_check: { enabled: false } });
  await expect(page.getByText('0 of 230 healthy')).toBeVisible();
});
