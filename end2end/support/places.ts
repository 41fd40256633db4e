import type { Page } from '@playwright/test';
import { addTargets, createGroup } from './console';

/** A group `web` with a target that is up, one that is down, and names that ask for room. Its pages, all of them. */
export async function everyPage(page: Page, up: string): Promise<string[]> {
  await createGroup(page, { name: 'web', protocol: 'HTTP', port: '8000', description: '결제 서버, the ones behind the shop' });
  await createGroup(page, { name: 'empty-group-with-a-very-long-nam', protocol: 'TCP', port: '9' });
  const long = 'a-label-of-sixty-four-letters-that-nobody-would-choose-but-can-ok';
  await addTargets(page, 'web', [`${up} 웹-1`, '127.0.0.1:9 down', `127.0.0.2:9 ${long.slice(0, 64)}`]);
  const target = (await page.getByRole('link', { name: 'down', exact: true }).getAttribute('href'))!;
  return [
    '/',
    '/?problems=1',
    '/events',
    '/wall',
    '/groups/new',
    '/groups/web',
    '/groups/web?status=unhealthy',
    '/groups/web/events',
    '/groups/web/settings',
    '/groups/web/edit',
    '/groups/web/delete',
    '/groups/web/targets/add',
    '/groups/empty-group-with-a-very-long-nam',
    '/groups/empty-group-with-a-very-long-nam/delete',
    target,
    `${target}/edit`,
    `${target}/deregister`,
    '/groups/nobody',
  ];
}
