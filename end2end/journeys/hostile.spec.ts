import { createGroup, FAST, isLive, row } from '../support/console';
import { SCRIPT, says, tlsServer } from '../support/hostile';
import { expect, test } from '../support/test';

test('whatever people and targets say is shown as text and never run', async ({ page, drainboard, directory }) => {
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });

  const servers = [
    await says(`HTTP/1.1 200 OK\r\nx: ${SCRIPT}\r\nContent-Length: ${SCRIPT.length}\r\n\r\n${SCRIPT}`),
    await says(`HTTP/1.1 999 ${SCRIPT}\r\n\r\n`),
    await says(`${SCRIPT}\r\n${SCRIPT}\r\n\r\n`),
    await says(`HTTP/1.1 200 OK\r\n${SCRIPT}: ${SCRIPT}\r\nTransfer-Encoding: ${SCRIPT}\r\n\r\n`),
  ];
  await createGroup(page, {
    name: 'web', protocol: 'HTTP', port: '80', description: SCRIPT, body_contains: `</div>${SCRIPT}!`, why: SCRIPT, ...FAST,
  });
  const targets = servers.map(({ address }, index) => {
    const [host, port] = address.split(':');
    return { host, port: Number(port), label: index === 0 ? SCRIPT : `target-${index}` };
  });
  const { status } = await drainboard.api('POST', '/target-groups/web/targets', { targets });
  expect(status).toBeLessThan(300);

  for (const path of ['/', '/groups/web', '/groups/web/events', '/groups/web/settings', '/groups/web/edit', '/events']) {
    await page.goto(path);
    await isLive(page);
    if (path === '/groups/web') {
      await expect(row(page, SCRIPT)).toContainText('Unhealthy');
      await expect(row(page, SCRIPT)).toContainText(/the body does not contain/i);
      for (const name of ['target-1', 'target-2', 'target-3']) await expect(row(page, name)).toContainText('Unhealthy');
    }
    await expect(page.locator('main img, main script')).toHaveCount(0);
  }
  await page.goto('/groups/web');
  await row(page, SCRIPT).getByRole('link', { name: SCRIPT }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(SCRIPT);
  await page.getByRole('link', { name: 'Deregister' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(SCRIPT);
  await page.goto(`/groups/web?q=${encodeURIComponent(SCRIPT)}`);
  await isLive(page);
  await expect(page.locator('#search')).toHaveValue(SCRIPT);
  await page.goto(`/groups/${encodeURIComponent(SCRIPT)}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/no such page/i);

  expect(dialogs).toEqual([]);
  for (const server of servers) server.close();
  void directory;
});

test('the names in a certificate are shown as text', async ({ page, drainboard, directory }) => {
  const server = await tlsServer(directory);
  process.env.SSL_CERT_FILE = server.authority;
  await drainboard.restart();
  delete process.env.SSL_CERT_FILE;
  await createGroup(page, { name: 'tls', protocol: 'HTTPS', port: '443', ...FAST });
  const [host, port] = server.address.split(':');
  await drainboard.api('POST', '/target-groups/tls/targets', { targets: [{ host, port: Number(port), label: 'odd' }] });
  await page.goto('/groups/tls');
  await expect(row(page, 'odd')).toContainText(/certificate/i);
  await expect(page.locator('main script, main img')).toHaveCount(0);
  server.close();
});
