import { addTargets, BOUND_MS, createGroup, FAST, fill, isLive, row, timeTo } from '../support/console';
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
  const lost = await page.context().newPage();
  await lost.goto('/groups/gone');
  await isLive(lost);
  await page.bringToFront();

  await drainboard.kill();
  await expect(page.getByRole('alert').filter({ hasText: 'Stale since' })).toBeVisible();
  await expect(page.locator('main')).toHaveClass(/stale/);
  await second.kill();
  await drainboard.start();

  await isLive(page);
  await expect(page.getByRole('alert').filter({ hasText: 'Stale since' })).toHaveCount(0);
  await expect(row(page, 'web-1').locator('.status')).toContainText('Healthy');
  await expect(row(page, 'web-2').locator('.status')).toContainText('Unhealthy');

  // So does a page of what is not there.
  await isLive(lost);
  await expect(lost.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
  await expect(lost).toHaveTitle(/^\(1 down\)/);
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

test('a killed process is found at once at an interval of half a minute, and the page says who watches', async ({
  page,
  backend,
}) => {
  const server = await backend();
  await page.goto('/groups/new');
  await isLive(page);
  await fill(page, { name: 'web', protocol: 'HTTP', port: '8000', healthy_threshold: '1' });
  await expect(page.locator('#f-fast_interval_ms')).toBeHidden();
  await expect(page.getByText('A killed process or a wrong answer is found within 1 min')).toBeVisible();
  await page.getByLabel('Confirm failures fast').check();
  await page.getByLabel('Hold a sentinel connection').check();
  await fill(page, { fast_interval_ms: '20' });
  await expect(page.getByText('A killed process is found about 20 ms after its end')).toBeVisible();
  await page.getByRole('button', { name: 'Create target group' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'web' })).toBeVisible();
  await addTargets(page, 'web', [`${server.address} web-1`]);
  await expect(row(page, 'web-1')).toContainText('Healthy');
  await row(page, 'web-1').getByRole('link', { name: 'web-1' }).click();
  const sentinel = page.locator('#sentinel');
  await expect(sentinel).toContainText('held since');

  await server.kill();
  // The next turn comes long after this has given up.
  await expect(page.locator('.head-facts .status')).toContainText('Unhealthy');
  await expect(sentinel).toContainText('opens when the target is healthy');

  await server.startAgain();
  await page.getByRole('button', { name: 'Check now' }).click();
  await expect(page.locator('.head-facts .status')).toContainText('Healthy');
  await expect(sentinel).toContainText('held since');
});
