import { addTargets, createGroup, FAST, fill, isLive, row } from '../support/console';
import { holdStore } from '../support/lock';
import { expect, test } from '../support/test';

test('while the store cannot write, checks go on and are shown, changes are refused with the reason, then it heals', async ({
  page,
  drainboard,
  backend,
}) => {
  const web = await backend();
  await createGroup(page, { name: 'web', protocol: 'TCP', port: '8000', ...FAST });
  await addTargets(page, 'web', [`${web.address} web-1`]);
  await expect(row(page, 'web-1')).toContainText('Healthy');
  await isLive(page);

  const holder = await holdStore(drainboard.database);
  const banner = page.getByRole('alert').filter({ hasText: 'nothing is recorded since' });
  await expect(banner).toBeVisible();
  await web.kill();
  await expect(row(page, 'web-1').locator('.status')).toContainText('Unhealthy');

  await page.goto('/groups/new');
  await isLive(page);
  await fill(page, { name: 'later', description: 'kept' });
  await page.getByRole('button', { name: 'Create target group' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'could not be saved' })).toBeVisible();
  await expect(page.locator('#f-description')).toHaveValue('kept');
  expect((await drainboard.api('GET', '/target-groups/later')).status).toBe(404);

  await holder.end('SIGKILL');
  await expect(banner).toHaveCount(0);
  await page.getByRole('button', { name: 'Create target group' }).click();
  await expect(page).toHaveURL(/\/groups\/later$/);
});
