import { expect, test } from '../support/test';

test('the first page opens, runs its program, and stands in nobody’s way', async ({ page, drainboard, expectAccessible }) => {
  await page.goto('/');
  await expect(page).toHaveTitle(/Drainboard/);
  await expect(page.locator('link[rel=stylesheet]')).toHaveCount(1);
  await expectAccessible();
  expect(await drainboard.stop(), 'exit code after SIGTERM').toBe(0);
});

test('a backend that is killed can be started again on its port', async ({ backend, request }) => {
  const web = await backend();
  const url = `http://${web.address}/`;
  expect((await request.get(url)).ok()).toBe(true);
  await web.kill();
  await expect(request.get(url)).rejects.toThrow(/ECONNREFUSED/);
  await web.startAgain();
  expect((await request.get(url)).ok()).toBe(true);
});
