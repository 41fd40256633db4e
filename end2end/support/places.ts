import type { Page } from '@playwright/test';
import { addTargets, createGroup, fill, row } from './console';

/**
 * A group `web` with a target that is up, one that is down, and names that ask for room, behind a proxy in which nobody
 * answers; one of its targets is being drained. Their pages, all of them.
 */
export async function everyPage(page: Page, up: string): Promise<string[]> {
  await createGroup(page, { name: 'web', protocol: 'HTTP', port: '8000', description: '결제 서버, the ones behind the shop' });
  await createGroup(page, { name: 'empty-group-with-a-very-long-nam', protocol: 'TCP', port: '9' });
  const long = 'a-label-of-sixty-four-letters-that-nobody-would-choose-but-can-ok';
  await addTargets(page, 'web', [`${up} 웹-1`, '127.0.0.1:9 down', `127.0.0.2:9 ${long.slice(0, 64)}`]);
  const target = (await page.getByRole('link', { name: 'down', exact: true }).getAttribute('href'))!;
  const bindings = await connect(page);
  await drain(page, target);
  return [
    '/',
    '/?problems=1',
    '/events',
    '/wall',
    '/groups/new',
    '/groups/web',
    '/groups/web?status=unhealthy',
    '/groups/web/events',
    '/groups/web/history?range=1h',
    '/groups/empty-group-with-a-very-long-nam/history',
    '/groups/web/proxies',
    '/groups/web/settings',
    '/groups/web/edit',
    '/groups/web/delete',
    '/groups/web/targets/add',
    '/groups/empty-group-with-a-very-long-nam',
    '/groups/empty-group-with-a-very-long-nam/delete',
    target,
    `${target}/history?range=1h`,
    `${target}/history?range=1h&interval_ms=7&unhealthy_threshold=1`,
    `${target}/edit`,
    `${target}/standby`,
    `${target}/deregister`,
    `${target}/drain`,
    '/proxies',
    '/proxies/new',
    '/proxies/edge',
    '/proxies/edge?transcript=open',
    '/proxies/edge/edit',
    '/proxies/edge/delete',
    '/proxies/edge/bind?backend=web&group=web',
    ...bindings,
    '/lab',
    '/lab/standbys',
    '/failovers',
    '/groups/web/drill',
    '/groups/nobody',
  ];
}

/** A proxy `edge` that cannot be reached, in which the group may be drained by hand; the pages of that binding. */
async function connect(page: Page): Promise<string[]> {
  await page.goto('/proxies/new');
  await fill(page, { name: 'edge', kind: 'haproxy', address: 'unix:/nowhere/admin.sock' });
  await page.locator('form.form button.primary').click();
  await page.waitForURL(/\/proxies\/edge$/);
  await page.goto('/proxies/edge/bind?backend=web&group=web');
  await page.locator('input[type=radio][value=by_hand]').check();
  await page.locator('form.form button.primary').click();
  await page.waitForURL(/\/proxies\/edge$/);
  const links = page.locator('a[href*="/bindings/"]');
  await links.first().waitFor();
  return links.evaluateAll((links) => links.map((link) => link.getAttribute('href')!));
}

async function drain(page: Page, target: string): Promise<void> {
  await page.goto(`${target}/drain`);
  await fill(page, { reason: 'kernel update, 커널 업데이트' });
  await page.locator('form.form button.primary').click();
  await page.waitForURL(/\/groups\/web$/);
  await row(page, 'down').waitFor();
}
