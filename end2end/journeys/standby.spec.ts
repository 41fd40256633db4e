import { addTargets, createGroup, FAST, fill, isLive, row } from '../support/console';
import { Haproxy } from '../support/haproxy';
import { expect, test } from '../support/test';

test('a warm standby takes over when the active one dies, says who is next, and falls back', async ({
  page,
  context,
  backend,
  directory,
  drainboard,
  expectAccessible,
}) => {
  const backends = [await backend(), await backend()];
  const servers = backends.map(({ port }, index) => ({ name: `s${index + 1}`, port }));
  const haproxy = await Haproxy.start(directory, servers);
  await createGroup(page, { name: 'web', protocol: 'TCP', port: '8000', hold_down_s: '1', ...FAST });
  await addTargets(page, 'web', backends.map(({ address }, index) => `${address} web-${index + 1}`));
  await drainboard.api('POST', '/proxies', { name: 'edge', kind: 'haproxy', address: haproxy.address });
  await drainboard.api('POST', '/proxies/edge/bindings', { group: 'web', backend: 'web', mode: 'by_hand' });
  await expect(row(page, 'web-2')).toContainText('Healthy');
  await expect(row(page, 'web-1')).toContainText('UP');

  // By keyboard alone.
  await row(page, 'web-2').locator('summary').focus();
  await page.keyboard.press('Enter');
  await row(page, 'web-2').getByRole('link', { name: 'Standby…' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Standby: web-2' })).toBeVisible();
  await fill(page, { standby_role: 'cold' });
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('#f-starter')).toHaveAttribute('aria-invalid', 'true');
  await fill(page, { standby_role: 'warm' });
  await page.getByRole('button', { name: 'Save' }).click();

  const line = page.locator('.standby-line');
  await expect(line).toHaveText('Next: web-2 (warm standby)');
  await expect(page.locator('.serving')).toContainText('Serving: web-1.');
  await expect(row(page, 'web-2')).toContainText('warm standby');
  await expect(row(page, 'web-2')).toContainText('MAINT');
  await expectAccessible();
  await page.locator('.tabs').getByRole('link', { name: 'Events' }).click();
  await expect(page.locator('.serving-line')).toHaveText('Serving: web-1 (1 of 1) · Next: web-2 (warm standby)');
  await page.locator('.tabs').getByRole('link', { name: 'Targets' }).click();

  await backends[0]!.kill();
  await expect(line).toHaveText('Next: no standby is ready');
  await expect(page.locator('.serving')).toContainText('Serving: web-2.');
  await expect(row(page, 'web-2')).toContainText('warm standby · promoted');
  await expect.poll(() => haproxy.status('s2')).toBe('UP');
  await context.addCookies([{ name: 'lang', value: 'ko', url: page.url() }]);
  await page.reload();
  await isLive(page);
  await expect(line).toHaveText('다음: 준비된 대기 없음');
  await expect(row(page, 'web-2')).toContainText('웜 대기 · 승격됨');

  await row(page, 'web-2').locator('a.name').click();
  const role = page.locator('a.role');
  await expect(role).toHaveText('웜 대기 · 승격됨');
  await expectAccessible();
  await role.click();
  await page.getByRole('button', { name: '지금 대기로 되돌리기' }).click();
  await expect(page.locator('.toast')).toHaveText('web-2 대상을 대기로 되돌립니다.');
  // Too few active ones serve, so it is promoted again at once.
  await expect(page.locator('.serving')).toContainText('서비스 중: web-2.');
  await haproxy.kill();
});
