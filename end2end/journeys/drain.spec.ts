import { connect } from 'node:net';
import type { Page } from '@playwright/test';
import type { Backend } from '../support/backend';
import { addTargets, createGroup, FAST, fill, isLive, row } from '../support/console';
import { Haproxy } from '../support/haproxy';
import { expect, test as base } from '../support/test';

interface Stage {
  backends: Backend[];
  haproxy: Haproxy;
}

const test = base.extend<{ stage: Stage }>({
  /** Two real backends behind a real HAProxy, as servers s1 and s2; Drainboard knows nothing of them yet. */
  stage: async ({ directory, backend }, use) => {
    const backends = [await backend(), await backend()];
    const servers = backends.map(({ port }, index) => ({ name: `s${index + 1}`, port }));
    const haproxy = await Haproxy.start(directory, servers);
    await use({ backends, haproxy });
    await haproxy.kill();
  },
});

/** A group of both backends, web-1 and web-2, bound to HAProxy by hand; its page is open. */
async function bind(page: Page, { backends, haproxy }: Stage): Promise<void> {
  await createGroup(page, { name: 'web', protocol: 'TCP', port: '8000', ...FAST });
  await addTargets(page, 'web', backends.map(({ address }, index) => `${address} web-${index + 1}`));
  await page.goto('/proxies/new');
  await fill(page, { name: 'edge', kind: 'haproxy', address: haproxy.address });
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'edge' })).toBeVisible();
  await expect(page.getByText(/Reachable since/)).toBeVisible();
  await page.goto('/proxies/edge/bind?backend=web&group=web');
  await page.getByRole('radio', { name: /By hand/i }).check();
  await page.getByRole('button', { name: 'Bind', exact: true }).click();
  await expect(page).toHaveURL(/\/proxies\/edge$/);
  await page.goto('/groups/web');
  await expect(row(page, 'web-1')).toContainText('UP');
  await expect(row(page, 'web-1')).toContainText('Healthy');
  await expect(row(page, 'web-2')).toContainText('Healthy');
}

async function drain(page: Page, target: string): Promise<void> {
  await row(page, target).getByRole('link', { name: 'Drain' }).click();
  await fill(page, { reason: 'kernel update' });
  await page.getByRole('button', { name: 'Drain', exact: true }).click();
}

test('a proxy is tested, connected and bound, and its servers become targets with one click', async ({ page, stage }) => {
  await createGroup(page, { name: 'web', protocol: 'TCP', port: '8000', ...FAST });
  await page.goto('/proxies');
  await expect(page.getByRole('link', { name: 'Connect a proxy' }).first()).toBeVisible();
  await page.goto('/proxies/new');
  await fill(page, { name: 'edge', kind: 'haproxy', address: 'unix:/nowhere/admin.sock' });
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByText(/there is no socket/)).toBeVisible();
  await expect(page.getByText(/stats socket .* level admin/)).toBeVisible();

  await fill(page, { address: stage.haproxy.address });
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByText(/It answers\. Version 2\./)).toBeVisible();
  await expect(page.getByText(/2 servers/)).toBeVisible();
  await expect(page.locator('#f-name')).toHaveValue('edge');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page).toHaveURL(/\/proxies\/edge$/);

  await page.getByRole('link', { name: 'Bind', exact: true }).first().click();
  await page.getByRole('radio', { name: /By hand/i }).check();
  await page.getByRole('button', { name: 'Bind', exact: true }).click();
  await page.getByRole('button', { name: 'Register 2 targets' }).click();
  await page.goto('/groups/web');
  await expect(page.locator('tr[data-row]')).toHaveCount(2);
  await expect(row(page, 's1')).toContainText('Healthy');
  await expect(row(page, 's1')).toContainText('UP');
});

test('a drain says what stays, shows sessions falling to none, and is undone', async ({ page, stage }) => {
  await bind(page, stage);
  // Two clients that stay connected: HAProxy gives one to each server.
  const clients = [connect(stage.haproxy.front, '127.0.0.1'), connect(stage.haproxy.front, '127.0.0.1')];
  await expect(row(page, 'web-1')).toContainText('UP · 1');

  await row(page, 'web-1').getByRole('link', { name: 'Drain' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Drain web-1?' })).toBeVisible();
  await expect(page.getByText('1 of 2 healthy targets stay in service; the minimum is 1.')).toBeVisible();
  await expect(page.getByText(/1 of 2 stay in service; 1 session will finish/)).toBeVisible();
  await page.getByRole('button', { name: 'Drain', exact: true }).click();
  await expect(page.locator('#f-reason')).toHaveAttribute('aria-invalid', 'true');
  await fill(page, { reason: 'kernel update' });
  await page.getByRole('button', { name: 'Drain', exact: true }).click();

  await expect(page).toHaveURL(/\/groups\/web$/);
  const panel = page.getByTestId('drain-panel');
  await expect(panel).toContainText(/Draining: 1 session left/);
  await expect(panel).toContainText('kernel update');
  await expect(row(page, 'web-1')).toContainText('DRAIN');
  expect(await stage.haproxy.status('s1')).toBe('DRAIN');
  clients.forEach((client) => client.destroy());
  await expect(panel).toContainText('Empty: safe to work on');
  await expect(row(page, 'web-1')).toContainText('Unused');

  await panel.getByRole('button', { name: 'Return to service' }).click();
  await expect(row(page, 'web-1')).toContainText('Healthy');
  await expect(page.getByTestId('drain-panel')).toHaveCount(0);
  await expect.poll(() => stage.haproxy.status('s1')).toBe('UP');
});

test('a drain outlasts a restart of HAProxy, with the page open', async ({ page, stage }) => {
  await bind(page, stage);
  await drain(page, 'web-1');
  await expect(row(page, 'web-1')).toContainText('DRAIN');
  await isLive(page);
  await stage.haproxy.kill();
  await page.goto('/proxies/edge');
  await expect(page.getByText(/Unreachable since/).first()).toBeVisible();
  await stage.haproxy.startAgain();
  await expect(page.getByText(/Reachable since/).first()).toBeVisible();
  await expect.poll(() => stage.haproxy.status('s1')).toBe('DRAIN');
});

test('the last healthy target goes only when its name is typed, and then the group fails open', async ({ page, stage }) => {
  await bind(page, stage);
  await drain(page, 'web-1');
  await expect(row(page, 'web-1')).toContainText(/Draining|Unused/);
  await row(page, 'web-2').getByRole('link', { name: 'Drain' }).click();
  await expect(page.getByText(/No healthy target would stay in service/)).toBeVisible();
  await fill(page, { reason: 'both' });
  await page.getByRole('button', { name: 'Drain', exact: true }).click();
  await expect(page.locator('#f-typed_name')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('#f-reason')).toHaveValue('both');
  expect(await stage.haproxy.status('s2')).toBe('UP');

  await fill(page, { typed_name: 'web-2' });
  await page.getByRole('button', { name: 'Drain', exact: true }).click();
  await expect(page).toHaveURL(/\/groups\/web$/);
  await expect(page.getByText('FAIL-OPEN')).toBeVisible();
  await expect.poll(() => stage.haproxy.status('s2')).toBe('DRAIN');

  // Both come back at once.
  for (const name of ['web-1', 'web-2']) await row(page, name).getByRole('checkbox').check();
  await page.getByRole('button', { name: /Return selected/ }).click();
  await expect(row(page, 'web-1')).toContainText('Healthy');
  await expect(row(page, 'web-2')).toContainText('Healthy');
  await expect(page.getByText('FAIL-OPEN')).toHaveCount(0);
});

test('what somebody else did in HAProxy stands out, and is undone with one click', async ({ page, stage }) => {
  await bind(page, stage);
  await stage.haproxy.say('set server web/s2 state maint');
  await expect(row(page, 'web-2')).toContainText('MAINT');
  await expect(row(page, 'web-2')).toContainText('disagrees');
  await page.goto('/proxies');
  const dispute = page.getByRole('row', { name: /web \/ web-2/ });
  await expect(dispute).toContainText('MAINT');
  await dispute.getByRole('button', { name: /Override/ }).click();
  await expect(page.getByRole('row', { name: /web \/ web-2/ })).toHaveCount(0);
  await expect.poll(() => stage.haproxy.status('s2')).toMatch(/^UP/);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a target is drained and returned', async ({ page, stage }) => {
    await createGroup(page, { name: 'web', protocol: 'TCP', port: '8000', ...FAST });
    await addTargets(page, 'web', stage.backends.map(({ address }, index) => `${address} web-${index + 1}`));
    await page.goto('/proxies/new');
    await fill(page, { name: 'edge', kind: 'haproxy', address: stage.haproxy.address });
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await expect(async () => {
      await page.goto('/proxies/edge');
      await expect(page.getByText(/Reachable since/)).toBeVisible({ timeout: 100 });
    }).toPass();
    await page.goto('/proxies/edge/bind?backend=web&group=web');
    await page.getByRole('radio', { name: /By hand/i }).check();
    await page.getByRole('button', { name: 'Bind', exact: true }).click();
    await expect(async () => {
      await page.goto('/groups/web');
      await expect(row(page, 'web-1')).toContainText('Healthy', { timeout: 100 });
      await expect(row(page, 'web-2')).toContainText('Healthy', { timeout: 100 });
    }).toPass();
    await drain(page, 'web-1');
    await expect.poll(() => stage.haproxy.status('s1')).toBe('DRAIN');
    await page.goto('/groups/web');
    await page.getByRole('button', { name: 'Return to service' }).click();
    await expect.poll(() => stage.haproxy.status('s1')).toMatch(/^UP/);
  });
});
