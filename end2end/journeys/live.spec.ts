import { addTargets, BOUND_MS, createGroup, FAST, isLive, row, timeTo } from '../support/console';
import { expect, test } from '../support/test';

for (const protocol of ['TCP', 'HTTP']) {
  test(`a ${protocol} backend that is killed turns unhealthy on the open page, and healthy again`, async ({
    page,
    drainboard,
    backend,
  }) => {
    const backends = [await backend(), await backend(), await backend()];
    await createGroup(page, { name: 'web', protocol, port: '8000', ...FAST });
    await addTargets(page, 'web', backends.map((it, index) => `${it.address} web-${index + 1}`));
    for (const name of ['web-1', 'web-2', 'web-3']) await expect(row(page, name)).toContainText('Healthy');
    await isLive(page);
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));

    const [, second] = backends;
    const down = await timeTo(page, 'web-2', 'Unhealthy', () => second!.kill());
    console.log(`${protocol}: unhealthy on the page after ${down} ms; its settings and 300 ms allow ${BOUND_MS} ms`);
    expect(down).toBeLessThanOrEqual(BOUND_MS);
    await expect(row(page, 'web-2')).toContainText(/connection refused/i);
    await expect(row(page, 'web-2')).toContainText('Target.FailedHealthChecks');
    await expect(page).toHaveTitle(/^\(1 down\)/);
    for (const name of ['web-1', 'web-3']) await expect(row(page, name)).toContainText('Healthy');

    await second!.startAgain();
    await expect(row(page, 'web-2').locator('.status')).toContainText('Healthy');
    await expect(page).not.toHaveTitle(/down/);
    expect(await page.evaluate(() => 'sameDocument' in window), 'no reload in between').toBe(true);

    await drainboard.restart();
    await page.goto('/groups/web');
    for (const name of ['web-1', 'web-2', 'web-3']) await expect(row(page, name)).toContainText('Healthy');
    await page.goto('/groups/web/events');
    await expect(page.getByText(/web-2/).first()).toBeVisible();
  });
}

test('an open page says that it is stale when the server is away, and heals with the true rows', async ({
  page,
  drainboard,
  backend,
}) => {
  const [first, second] = [await backend(), await backend()];
  await createGroup(page, { name: 'web', protocol: 'TCP', port: '8000', ...FAST });
  await addTargets(page, 'web', [`${first.address} web-1`, `${second.address} web-2`]);
  for (const name of ['web-1', 'web-2']) await expect(row(page, name)).toContainText('Healthy');
  await isLive(page);

  await drainboard.kill();
  await expect(page.getByRole('alert').filter({ hasText: 'Stale since' })).toBeVisible();
  await expect(page.locator('main')).toHaveClass(/stale/);
  await second.kill();
  await drainboard.start();

  await isLive(page);
  await expect(page.getByRole('alert').filter({ hasText: 'Stale since' })).toHaveCount(0);
  await expect(row(page, 'web-1').locator('.status')).toContainText('Healthy');
  await expect(row(page, 'web-2').locator('.status')).toContainText('Unhealthy');
});

test('what another person does is on the page at once', async ({ page, drainboard }) => {
  await page.goto('/');
  await isLive(page);
  await drainboard.api('POST', '/target-groups', { name: 'api-made', protocol: 'TCP', port: 9 });
  await page.getByRole('rowheader').getByRole('link', { name: 'api-made' }).click();
  await drainboard.api('POST', '/target-groups/api-made/targets', { targets: [{ host: '127.0.0.1', port: 9, label: 'later' }] });
  await expect(row(page, 'later')).toBeVisible();
  await drainboard.api('DELETE', '/target-groups/api-made');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/no such page/i);
});
